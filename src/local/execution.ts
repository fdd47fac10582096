import type { Clock } from '../app/ports.ts';
import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import type { StepRef } from '../core/pipeline/run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import type { RunPaths } from './run-paths.ts';
import { refOf } from './run-progress.ts';
import type { RunSlot } from './run-queue.ts';
import type { Runtime } from './runtime.ts';
import type { Secrets } from './secrets.ts';
import { type StoredRun, stepId } from './stored-run.ts';

/** What the parts of a run's execution share. */
export interface Execution {
  readonly pipelineRun: PipelineRun;
  readonly paths: RunPaths;
  readonly secrets: Secrets;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly slot: RunSlot;
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
  /** Resolves at the next change of the run; rejects with the signal's reason. */
  readonly nextChange: (signal: AbortSignal) => Promise<void>;
}

/** Why a signal that ends a run, a task or a step was raised. */
export function causeOf(signal: AbortSignal): Cause {
  // Only `Execution.stop` and the deadlines below it are asked, and they abort with causes.
  return signal.reason as Cause;
}

/** The step as reports know it; null when it stands for no stage. */
export function refOfStep(execution: Execution, id: string): StepRef | null {
  const placed = execution.run().steps.find((step) => stepId(step) === id);
  return placed === undefined ? null : refOf(placed);
}
