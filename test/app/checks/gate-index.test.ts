import { beforeEach, expect, test } from '@jest/globals';
import { createGateIndex, type GateIndex } from '../../../src/app/checks/gate-index.ts';
import type { GateNotes } from '../../../src/app/runs/run-notes.ts';

const FIRST: GateNotes = {
  checkName: 'tekton-ci',
  externalId: 'gate-1',
  attempt: 1,
  keeper: 'api-1',
  members: [
    { project: 'api', run: 'api-1' },
    { project: 'web', run: 'web-1' },
    { project: 'docs', skipped: 'no file changed' },
  ],
};
/** Of the same commit: web alone was run again. */
const NEXT: GateNotes = {
  ...FIRST,
  externalId: 'gate-2',
  attempt: 2,
  keeper: 'web-2',
  members: [
    { project: 'api', run: 'api-1' },
    { project: 'web', run: 'web-2' },
    { project: 'docs', skipped: 'no file changed' },
  ],
};

let gates: GateIndex;

beforeEach(() => {
  gates = createGateIndex();
  gates.put(FIRST);
  gates.put(NEXT);
});

const idsOf = (run: string) => gates.of(run).map(({ externalId }) => externalId);

test('a gate is found by its external id, and no other', () => {
  expect(gates.get('gate-2')).toEqual(NEXT);
  expect(gates.get('gate-3')).toBeUndefined();
});

test('a run belongs to every gate that has it as a member', () => {
  expect(idsOf('api-1')).toEqual(['gate-1', 'gate-2']);
  expect(idsOf('web-1')).toEqual(['gate-1']);
  expect(idsOf('web-2')).toEqual(['gate-2']);
  expect(idsOf('docs')).toEqual([]);
});

test('a gate that each of its runs tells of is one gate', () => {
  gates.put({ ...FIRST });

  expect(gates.get('gate-1')).toBe(FIRST);
  expect(idsOf('api-1')).toEqual(['gate-1', 'gate-2']);
});

test('a gate goes with the run that keeps it, for its other runs too', () => {
  gates.forget('web-2');

  expect(gates.get('gate-2')).toBeUndefined();
  expect(idsOf('api-1')).toEqual(['gate-1']);
  expect(idsOf('web-2')).toEqual([]);
});

test('a gate stays when a run goes that does not keep it', () => {
  gates.forget('web-1');

  expect(gates.get('gate-1')).toEqual(FIRST);
  expect(idsOf('api-1')).toEqual(['gate-1', 'gate-2']);
  expect(idsOf('web-1')).toEqual([]);
});

test('a run of no gate is forgotten without a trace', () => {
  gates.forget('alone');

  expect(idsOf('alone')).toEqual([]);
  expect(gates.get('gate-1')).toEqual(FIRST);
});

test('a gate that was forgotten can come again', () => {
  gates.forget('web-2');
  gates.put(NEXT);

  expect(gates.get('gate-2')).toEqual(NEXT);
  expect(idsOf('web-2')).toEqual(['gate-2']);
});
