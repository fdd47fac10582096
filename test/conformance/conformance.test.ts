import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import PQueue from 'p-queue';
import { createHostRuntime } from '../../src/local/host-runtime.ts';
import { PATH } from '../local/fixture.ts';
import { type Executed, executeCase } from './execute-case.ts';
import { type Case, readCases, readDifferences } from './read-case.ts';
import { reduceExecuted, reduceRecorded, withoutEnded } from './reduce.ts';

const cases = readCases();
const differences = readDifferences();
const executed = new Map<string, Executed | Error>();
let directory = '';

/** Most of a case's time is waiting. */
const AT_ONCE = 32;
/** Groups whose cases wait longest: they begin first. */
const SLOW = ['timeouts', 'turns', 'retries', 'cancel', 'finally', 'ordering'];
/** Milliseconds. The longest case takes 16 s; of those that differ some never end. */
const WITHIN = { same: 25_000, different: 12_000 };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-ci-conformance-'));
  const runtime = createHostRuntime({ path: PATH });
  const queue = new PQueue({ concurrency: AT_ONCE });
  const execute = async ({ name, pipelineRun, given }: Case) => {
    const own = join(directory, name.replaceAll('/', '-'));
    const within = differences.has(name) ? WITHIN.different : WITHIN.same;
    const outcome = executeCase(own, pipelineRun, { given, runtime, within });
    executed.set(name, await outcome.catch((error: Error) => error));
  };
  const isSlow = ({ name }: Case) => SLOW.some((group) => name.startsWith(`${group}/`));
  const ordered = [...cases.filter(isSlow), ...cases.filter((one) => !isSlow(one))];
  await queue.addAll(ordered.map((one) => () => execute(one)));
}, 60_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

function outcomeOf({ name, recorded }: Case) {
  const outcome = executed.get(name);
  if (outcome === undefined || outcome instanceof Error) throw outcome;
  const ours = reduceExecuted(outcome);
  return { outcome, ours, theirs: withoutEnded(reduceRecorded(recorded), ours) };
}

describe('the embedded engine does what Tekton did', () => {
  test.each(cases.filter(({ name }) => !differences.has(name)))('$name', (one) => {
    const { outcome, ours, theirs } = outcomeOf(one);

    expect(ours).toEqual(theirs);
    expect(outcome.ended).toBe(true);
  });
});

describe('the embedded engine does something else on purpose', () => {
  test.each(cases.filter(({ name }) => differences.has(name)))('$name', (one) => {
    const { outcome, ours, theirs } = outcomeOf(one);
    const { words } = differences.get(one.name)!;

    if (words !== undefined) expect(outcome.refused).toContain(words);
    else expect(outcome.refused).toBeNull();
    if (outcome.ended) expect(ours).not.toEqual(theirs);
  });

  test('only in cases that are there', () => {
    const names = cases.map(({ name }) => name);

    expect([...differences.keys()].filter((name) => !names.includes(name))).toEqual([]);
  });
});
