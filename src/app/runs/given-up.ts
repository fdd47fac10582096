import type { KnownRun, RunIndex } from './run-index.ts';
import { readCanceller } from './run-notes.ts';
import { newestAttempt } from './second-attempt.ts';

/** Who cancels what nobody wants any more, in words and for us. */
export const CANCELLER = 'tekton-ci';

/** Whether we have ended a run, or the second attempt that stands for it, because nobody wanted its commit. */
export function wasGivenUp(runs: RunIndex, run: KnownRun): boolean {
  const newest = newestAttempt(runs, run.name);
  return isGivenUp(run) || (newest !== undefined && isGivenUp(newest));
}

function isGivenUp(run: KnownRun): boolean {
  if (run.status.phase !== 'done') return readCanceller(run) === CANCELLER;
  const { cause } = run.status;
  return cause?.kind === 'cancelled' && cause.by === CANCELLER;
}
