import type { Cause } from '../core/pipeline/run-status.ts';

/** Values of results by their names. */
export type Results = Readonly<Record<string, string>>;

/** How a task ended. */
export type TaskOutcome =
  | { readonly state: 'succeeded'; readonly results: Results }
  | {
      readonly state: 'failed';
      readonly cause: Cause;
      /** What it wrote before it failed. */
      readonly results: Results;
      /** `onError: continue`: the run goes on as if it had succeeded. */
      readonly ignored: boolean;
    }
  | { readonly state: 'skipped'; readonly because: SkipReason };

/**
 * Why a task did not run: its `when` said no, a result that it uses comes from a skipped task, a task that it waits for was
 * skipped for another reason than `when`, or the run was ending.
 */
export type SkipReason = 'when' | 'results' | 'parent' | 'stopping';
