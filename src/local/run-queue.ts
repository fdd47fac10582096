import type { RunName } from '../core/pipeline/run.ts';

export interface RunQueueOptions {
  /** How many run at once. */
  readonly concurrency: number;
  /** Runs one; its slot is free again when this resolves. Must not reject. */
  readonly start: (name: RunName) => Promise<void>;
  /** The place of a waiting run has changed. */
  readonly onMove: (name: RunName) => void;
}

/** First come, first served. */
export interface RunQueue {
  /** The run starts, if a slot is free, only after the caller's own work. */
  add(name: RunName): void;
  /** Runs that start before this one; 0 for the next, and for one that does not wait. */
  ahead(name: RunName): number;
  /** Takes out a run that waits; false when it does not. */
  remove(name: RunName): boolean;
  /** Starts nothing more. */
  stop(): void;
}

export function createRunQueue({ concurrency, start, onMove }: RunQueueOptions): RunQueue {
  // In the order of their coming; the value is the place that was last told.
  const waiting = new Map<RunName, number>();
  let running = 0;
  let stopped = false;
  let telling: NodeJS.Timeout | undefined;

  function startNext(): void {
    for (const name of waiting.keys()) {
      if (stopped || running >= concurrency) break;
      waiting.delete(name);
      running += 1;
      void start(name).finally(() => {
        running -= 1;
        startNext();
      });
    }
    tellSoon();
  }

  // Many runs may leave the queue at once: their followers are told once, not once for each.
  function tellSoon(): void {
    telling ??= setTimeout(() => {
      telling = undefined;
      tell();
    }, TELL_AFTER).unref();
  }

  function tell(): void {
    let place = 0;
    for (const [name, told] of waiting) {
      if (told !== place) {
        waiting.set(name, place);
        onMove(name);
      }
      place += 1;
    }
  }

  return {
    add(name) {
      waiting.set(name, waiting.size);
      queueMicrotask(startNext);
    },
    ahead: (name) => waiting.get(name) ?? 0,
    remove(name) {
      const removed = waiting.delete(name);
      if (removed) tellSoon();
      return removed;
    },
    stop() {
      stopped = true;
      clearTimeout(telling);
    },
  };
}

/** Milliseconds. */
const TELL_AFTER = 50;
