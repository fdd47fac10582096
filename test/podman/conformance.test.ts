import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import PQueue from 'p-queue';
import type { PipelineRun } from '../../src/core/pipeline/pipeline-run.ts';
import { createContainerRuntime } from '../../src/local/container-runtime.ts';
import { type Executed, executeCase } from '../conformance/execute-case.ts';
import { type Case, readCases, readDifferences } from '../conformance/read-case.ts';
import { reduceExecuted, reduceRecorded, withoutEnded } from '../conformance/reduce.ts';
import { environment, IMAGE, makeImages } from './podman.ts';

/** They need what even podman does not have, or name a script by its path. */
const OTHERS = ['scripts/shebang-with-flags', 'substitution/working-dir-missing', 'volumes/secret-missing'];
const differences = readDifferences();
/** What the runtime `host` cannot do for want of containers. */
const cases = readCases().filter(
  ({ name }) => /containers/.test(differences.get(name)?.reason ?? '') && !OTHERS.includes(name),
);

const AT_ONCE = 4;
const executed = new Map<string, Executed | Error>();
let directory = '';

beforeAll(async () => {
  makeImages();
  directory = await mkdtemp(join(tmpdir(), 'tekton-ci-conformance-'));
  const queue = new PQueue({ concurrency: AT_ONCE });
  await queue.addAll(
    cases.map((one) => async () => {
      const outcome = execute(one);
      executed.set(one.name, await outcome.catch((error: Error) => error));
    }),
  );
}, 240_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

function execute({ name, pipelineRun, given }: Case): Promise<Executed> {
  const own = join(directory, name.replaceAll('/', '-'));
  const runtime = createContainerRuntime({ command: 'podman', environment, directory: own });
  const text = JSON.stringify(pipelineRun).replaceAll('cluster.local/base:1', IMAGE);
  return executeCase(own, JSON.parse(text) as PipelineRun, { given, runtime, within: 60_000 });
}

describe('the embedded engine does with podman what Tekton did', () => {
  test.each(cases)('$name', ({ name, recorded }) => {
    const outcome = executed.get(name);
    if (outcome === undefined || outcome instanceof Error) throw outcome;

    const ours = reduceExecuted(outcome);
    expect(ours).toEqual(withoutEnded(reduceRecorded(recorded), ours));
  });
});
