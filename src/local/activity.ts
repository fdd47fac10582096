import type { RunSlot } from './run-queue.ts';

/** What a run does at the moment: while it only waits for turns, which may take days, its slot is another's. */
export interface Activity {
  /** Runs a task once the run has a slot. Resolves with null when it was stopped before. */
  work<Result>(task: () => Promise<Result>, stop: AbortSignal): Promise<Result | null>;
  /** Waits for a turn. */
  wait<Result>(turn: () => Promise<Result>): Promise<Result>;
}

export function createActivity(slot: RunSlot): Activity {
  let working = 0;
  let waiting = 0;

  function leaveWhenIdle(): void {
    if (working === 0 && waiting > 0) slot.leave();
  }

  return {
    async work(task, stop) {
      working += 1;
      try {
        return (await slot.enter(stop)) ? await task() : null;
      } finally {
        working -= 1;
        leaveWhenIdle();
      }
    },
    async wait(turn) {
      waiting += 1;
      leaveWhenIdle();
      try {
        return await turn();
      } finally {
        waiting -= 1;
      }
    },
  };
}
