import type { Clock } from '../app/ports.ts';
import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import type { RunPaths } from './run-paths.ts';
import type { Runtime } from './runtime.ts';
import type { Secrets } from './secrets.ts';
import type { StoredRun } from './stored-run.ts';

/** What the parts of a run's execution share. */
export interface Execution {
  readonly pipelineRun: PipelineRun;
  readonly paths: RunPaths;
  readonly secrets: Secrets;
  readonly runtime: Runtime;
  readonly clock: Clock;
  /** Milliseconds between asking a step to end and ending it. */
  readonly killAfter: number;
  /** Ends the run; the reason is the `Cause`. */
  readonly stop: AbortSignal;
  /** Ends it without waiting for steps to end by themselves. */
  readonly kill: AbortSignal;
  /** The run as it is now. */
  readonly run: () => StoredRun;
  /** Changes the run durably; changes come one after the other. */
  readonly change: (update: (run: StoredRun) => StoredRun) => Promise<void>;
  /** Notes why the run is not green; the first word counts. */
  readonly fail: (cause: Cause) => void;
}

/** Why a signal that ends a run, a task or a step was raised. */
export function causeOf(signal: AbortSignal): Cause {
  // Only `Execution.stop` and the deadlines below it are asked, and they abort with causes.
  return signal.reason as Cause;
}
