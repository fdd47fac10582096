import { beforeEach, expect, test } from '@jest/globals';
import { createGateIndex, type GateIndex } from '../../../src/app/checks/gate-index.ts';
import type { KnownRun } from '../../../src/app/runs/run-index.ts';
import type { GateNotes } from '../../../src/app/runs/run-notes.ts';
import { runName } from '../../../src/core/pipeline/names.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';
import { BEFORE, REPOSITORY, runKey } from '../../core/plan/examples.ts';
import { indexAround } from '../fakes/known-runs.ts';

const nameOf = (key: Partial<RunKey>) => runName(REPOSITORY.name, runKey({ purpose: 'verify', ...key }));

const FIRST: GateNotes = {
  checkName: 'tekton-ci',
  externalId: 'gate-1',
  attempt: 1,
  keeper: nameOf({ project: 'api' }),
  members: [
    { project: 'api', run: nameOf({ project: 'api' }) },
    { project: 'web', run: nameOf({ project: 'web' }) },
    { project: 'docs', skipped: 'no file changed' },
  ],
};
/** Of the same commit: web alone was run again. */
const NEXT: GateNotes = {
  ...FIRST,
  externalId: 'gate-2',
  attempt: 2,
  keeper: nameOf({ project: 'web', attempt: 2 }),
  members: [
    { project: 'api', run: nameOf({ project: 'api' }) },
    { project: 'web', run: nameOf({ project: 'web', attempt: 2 }) },
    { project: 'docs', skipped: 'no file changed' },
  ],
};

const run = (key: Partial<RunKey>, gate: GateNotes | null = null): KnownRun =>
  indexAround({ key, notes: { gate } }, []).run;

const API = run({ project: 'api' }, FIRST);
const WEB = run({ project: 'web' }, FIRST);
const WEB_AGAIN = run({ project: 'web', attempt: 2 }, NEXT);

let gates: GateIndex;

beforeEach(() => {
  gates = createGateIndex();
  for (const one of [API, WEB, WEB_AGAIN]) gates.put(one);
});

const idsOf = (one: KnownRun) => gates.of(one).map(({ externalId }) => externalId);

test('a gate is found by its external id, and no other', () => {
  expect(gates.get('gate-2')).toEqual(NEXT);
  expect(gates.get('gate-3')).toBeUndefined();
});

test('a run belongs to every gate of its commit and purpose', () => {
  expect(idsOf(API)).toEqual(['gate-1', 'gate-2']);
  expect(idsOf(WEB_AGAIN)).toEqual(['gate-1', 'gate-2']);
});

test.each<[string, Partial<RunKey>]>([
  ['another commit', { sha: BEFORE }],
  ['another purpose', { purpose: 'publish' }],
  ['a tag', { purpose: 'publish', tag: 'v1' }],
  ['a stranger', { trust: 'untrusted', base: 'main' }],
  ['another repository', { repositoryId: 43 }],
])('a run of %s does not', (_, key) => {
  expect(idsOf(run({ project: 'api', ...key }))).toEqual([]);
});

test('a gate goes with the run that keeps it, for its other runs too', () => {
  gates.forget(WEB_AGAIN);

  expect(gates.get('gate-2')).toBeUndefined();
  expect(idsOf(API)).toEqual(['gate-1']);
});

test('a gate stays when a run goes that does not keep it', () => {
  gates.forget(WEB);

  expect(gates.get('gate-1')).toEqual(FIRST);
  expect(idsOf(API)).toEqual(['gate-1', 'gate-2']);
});

test('a run of no gate is forgotten without a trace', () => {
  gates.forget(run({ project: 'alone' }));

  expect(idsOf(API)).toEqual(['gate-1', 'gate-2']);
});

test('a gate that was forgotten can come again', () => {
  for (const one of [API, WEB, WEB_AGAIN]) gates.forget(one);
  expect(idsOf(WEB)).toEqual([]);

  gates.put(WEB_AGAIN);

  expect(idsOf(WEB)).toEqual(['gate-2']);
});
