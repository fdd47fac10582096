import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../src/app/ports.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is advanced. */
export interface FakeClock extends Clock {
  /** Moves on by so many seconds; whoever sleeps wakes at their own moment, and acts before time goes on. */
  advance(seconds: number): Promise<void>;
}

export function createFakeClock(): FakeClock {
  let now = Date.UTC(2026, 10, 23, 12);
  const sleepers = new Set<Sleeper>();
  return {
    now: () => new Date(now),
    sleep(milliseconds, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { until: now + milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      });
    },
    async advance(seconds) {
      const end = now + seconds * 1000;
      await settled();
      for (;;) {
        const [next] = [...sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until);
        if (next === undefined) break;
        now = Math.max(now, next.until);
        sleepers.delete(next);
        next.wake();
        await settled();
      }
      now = end;
    },
  };
}

/** Everything that can go on without time passing has gone on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}
