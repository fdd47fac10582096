import type { RunName } from '../core/pipeline/run.ts';

export interface RunQueueOptions {
  /** How many run at once. */
  readonly concurrency: number;
  /** Runs wait until they are released, however free the slots are; false. */
  readonly held?: boolean;
  /** Runs one; its slot is free again when this resolves. Must not reject. */
  readonly start: (name: RunName, slot: RunSlot) => Promise<void>;
  /** The place of a waiting run has changed. */
  readonly onMove: (name: RunName) => void;
}

/** A run's right to be executed; it may give it back while it only waits. */
export interface RunSlot {
  /** Another run may start; nothing happens without a slot. */
  leave(): void;
  /** Resolves with true once the run has a slot, before runs that have not started; with false when it was stopped first. */
  enter(stop: AbortSignal): Promise<boolean>;
}

/** First come, first served. */
export interface RunQueue {
  /** The run starts, if a slot is free, only after the caller's own work. */
  add(name: RunName): void;
  /** Runs that start before this one; 0 for the next, and for one that does not wait. */
  ahead(name: RunName): number;
  /** Lets a run that is held back start in its turn. */
  release(name: RunName): void;
  /** Goes on with a run that began before a restart and has no slot now. */
  resume(name: RunName): void;
  /** Takes out a run that waits; false when it does not. */
  remove(name: RunName): boolean;
  /** Starts nothing more. */
  stop(): void;
}

export function createRunQueue({ concurrency, held = false, start, onMove }: RunQueueOptions): RunQueue {
  // In the order of their coming; the value is the place that was last told.
  const waiting = new Map<RunName, number>();
  const heldBack = new Set<RunName>();
  // Those that have started and want their slot again.
  const entering = new Set<() => void>();
  let running = 0;
  let stopped = false;
  let telling: NodeJS.Timeout | undefined;

  function leave(): void {
    running -= 1;
    startNext();
  }

  function begin(name: RunName, slot: RunSlot): void {
    void start(name, slot).finally(() => slot.leave());
  }

  function isFull(): boolean {
    return stopped || running >= concurrency;
  }

  /** Who has started goes before who has not. */
  function startNext(): void {
    for (const enter of entering) {
      if (isFull()) break;
      entering.delete(enter);
      running += 1;
      enter();
    }
    startWaiting();
    tellSoon();
  }

  function startWaiting(): void {
    for (const name of waiting.keys()) {
      if (isFull()) return;
      if (heldBack.has(name)) continue;
      waiting.delete(name);
      running += 1;
      begin(name, createSlot({ held: true, leave, entering, startNext }));
    }
  }

  // Many runs may leave the queue at once: their followers are told once, not once for each.
  function tellSoon(): void {
    // Whoever releases runs knows their places.
    if (held) return;
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
      waiting.set(name, held ? 0 : waiting.size);
      if (held) heldBack.add(name);
      else queueMicrotask(startNext);
    },
    ahead: (name) => waiting.get(name) ?? 0,
    release(name) {
      if (heldBack.delete(name)) startNext();
    },
    resume(name) {
      begin(name, createSlot({ held: false, leave, entering, startNext }));
    },
    remove(name) {
      heldBack.delete(name);
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

interface SlotParts {
  /** Whether the run has it already. */
  readonly held: boolean;
  readonly leave: () => void;
  readonly entering: Set<() => void>;
  readonly startNext: () => void;
}

function createSlot({ held, leave, entering, startNext }: SlotParts): RunSlot {
  let has = held;
  let last = Promise.resolve(held);

  function enter(stop: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (given: boolean) => {
        stop.removeEventListener('abort', stopped);
        has = given;
        resolve(given);
      };
      const given = () => done(true);
      const stopped = () => {
        if (entering.delete(given)) done(false);
      };
      entering.add(given);
      stop.addEventListener('abort', stopped);
      if (stop.aborted) stopped();
      else startNext();
    });
  }

  return {
    leave() {
      if (!has) return;
      has = false;
      leave();
    },
    enter(stop) {
      // Several tasks may want it at once.
      last = last.then(() => (has ? true : enter(stop)));
      return last;
    },
  };
}

/** Milliseconds. */
const TELL_AFTER = 50;
