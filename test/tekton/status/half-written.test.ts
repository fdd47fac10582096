import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_RECORD, type ObservedKind, observe } from '../../../src/tekton/status/run-record.ts';
import { startingSince } from '../../../src/tekton/status/task-start.ts';
import { play, readTrace, statusOf } from './traces.ts';

const KINDS: readonly ObservedKind[] = ['PipelineRun', 'TaskRun', 'CustomRun', 'Pod'];

test('whatever comes in place of an object is taken', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), fc.anything(), (kind, object) => {
      expect(() => statusOf(observe(EMPTY_RECORD, { kind, object }), [])).not.toThrow();
    }),
  );
});

test('an object may lack any of its fields, or have another kind of value there', () => {
  const { events, steps } = readTrace('evicted');
  const known = play(events);

  fc.assert(
    fc.property(fc.nat(events.length - 1), fc.nat(), fc.anything(), (index, place, value) => {
      const event = events[index]!;
      const object: unknown = structuredClone(event.object);
      const slots = slotsOf(object);
      const slot = slots[place % slots.length]!;
      slot.owner[slot.key] = value;

      const record = observe(known, { kind: event.object.kind, object });

      expect(() => statusOf(record, steps)).not.toThrow();
      expect(() => startingSince(record)).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

interface Slot {
  readonly owner: Record<string, unknown>;
  readonly key: string;
}

/** Every place in an object where a value stands. */
function slotsOf(value: unknown): readonly Slot[] {
  if (typeof value !== 'object' || value === null) return [];
  const owner = value as Record<string, unknown>;
  return Object.keys(owner).flatMap((key) => [{ owner, key }, ...slotsOf(owner[key])]);
}
