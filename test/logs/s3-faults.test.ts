import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from '../../src/app/ports.ts';
import { markBytes, UNMARKED } from '../../src/core/log-marks.ts';
import { createS3LogStore, type S3LogStore } from '../../src/logs/s3-log-store.ts';
import type { Objects } from '../../src/logs/s3-objects.ts';
import { createRecordingLog } from '../app/fakes/recording-log.ts';
import { TEST, text } from './log-store-contract.ts';

/** Does not wait. */
const clock: Clock = {
  now: () => new Date(),
  async sleep(_milliseconds, signal) {
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  },
};

/** Objects in memory; `faults` says of each request in turn what becomes of it, until the life of the server is over. */
function faultyObjects(
  kept: Map<string, Uint8Array>,
  faults: () => Fault,
  life = { isOver: false },
): Objects {
  async function meet<T>(work: () => T): Promise<T> {
    const fault = faults();
    await new Promise((resolve) => setImmediate(resolve));
    // Who asked has crashed.
    if (life.isOver) return new Promise(() => {});
    if (fault === 'refused') throw new Error('503');
    const result = work();
    if (fault === 'answer lost') throw new Error('cut');
    return result;
  }
  return {
    put: (key, bytes) => meet(() => void kept.set(key, Uint8Array.from(bytes))),
    get: (key) => meet(() => kept.get(key) ?? null),
    list: (prefix) => meet(() => [...kept.keys()].filter((key) => key.startsWith(prefix)).sort()),
    // In an order of its own, and obeyed in part when it fails, as the real one may.
    async delete(keys) {
      const middle = Math.floor(keys.length / 2);
      for (const key of [...keys.slice(middle), ...keys.slice(0, middle)].reverse())
        await meet(() => void kept.delete(key));
    },
    close() {},
  };
}

type Fault = 'none' | 'refused' | 'answer lost';

const act = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant('append' as const),
      text: fc.string({ maxLength: 400, size: 'max', unit: fc.constantFrom('a', 'b', 'c', '\n') }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('flush' as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('read' as const), offset: fc.nat(1_000) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('reset' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('crash' as const), resets: fc.boolean(), turns: fc.nat(8) }),
  },
);

test('any appends, restarts, resets, crashes and faults give exactly the bytes, and marks that are right', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 40, size: 'max' }),
      fc.infiniteStream(
        fc.oneof(
          { weight: 3, arbitrary: fc.constant<Fault>('none') },
          { weight: 1, arbitrary: fc.constantFrom<Fault>('refused', 'answer lost') },
        ),
      ),
      async (acts, faults) => {
        const kept = new Map<string, Uint8Array>();
        const calm = createS3LogStore({
          objects: faultyObjects(kept, () => 'none'),
          clock,
          log: createRecordingLog(),
        });
        let life = { isOver: false };
        const open = () => {
          life = { isOver: false };
          const objects = faultyObjects(kept, () => faults.next().value ?? 'none', life);
          return createS3LogStore({ objects, clock, log: createRecordingLog(), heldBytes: 500 });
        };
        let store: S3LogStore = open();
        let whole = '';
        for (const each of acts) {
          if (each.act === 'append') {
            whole += each.text;
            await store.append('run', TEST, {
              at: new Date(whole.length * 100),
              bytes: Buffer.from(each.text),
            });
          } else if (each.act === 'reset') {
            whole = '';
            await store.reset('run', TEST);
          } else if (each.act === 'crash') {
            if (each.resets) void store.reset('run', TEST);
            for (let turn = 0; turn < each.turns; turn += 1) await clock.sleep(0);
            life.isOver = true;
            const left = await text(calm.read('run', TEST));
            expect(whole.startsWith(left)).toBe(true);
            whole = left;
            store = open();
          } else if (each.act === 'read') {
            const { offset } = each;
            const expected = Buffer.from(whole).subarray(offset).toString();
            const read = await text(store.read('run', TEST, offset)).catch(() => expected);
            expect(read).toBe(expected);
          } else {
            await store.flush('run', TEST);
            if (each.act === 'restart') store = open();
          }
        }
        await store.flush('run', TEST);

        expect(await text(calm.read('run', TEST))).toBe(whole);
        for (const { line, offset } of await calm.marks('run', TEST)) {
          const before = Buffer.from(whole).subarray(0, offset);
          expect(markBytes(UNMARKED, before, new Date()).log).toMatchObject({
            lines: line - 1,
            atLineStart: true,
          });
        }
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);
