import type { PipelineTask } from '../core/pipeline/pipeline-run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { createDeadline, type Deadline, left } from './deadline.ts';
import type { Execution } from './execution.ts';
import { timeoutOf } from './go-duration.ts';

/** Tekton's default: https://tekton.dev/docs/pipelines/pipelineruns/#configuring-a-failure-timeout */
const DEFAULT_TIMEOUT = '1h';

/** What is left of a run's time. Milliseconds; null is no limit. */
export interface RunLimits {
  readonly pipeline: number | null;
  readonly tasks: number | null;
  readonly finally: number | null;
}

export function limitsOf(execution: Execution): RunLimits {
  const { spec } = execution.pipelineRun;
  const now = execution.clock.now();
  const { startedAt = now } = execution.run();
  const { tasks, finally: last } = spec.timeouts ?? {};
  const pipeline = timeoutOf(spec.timeouts?.pipeline ?? DEFAULT_TIMEOUT);
  const rest = last === undefined || pipeline === null ? pipeline : pipeline - (timeoutOf(last) ?? 0);
  const ofTasks = tasks === undefined ? rest : timeoutOf(tasks);
  const afterTasks = pipeline === null || ofTasks === null ? null : pipeline - ofTasks || pipeline;
  return {
    pipeline: left(pipeline, startedAt, now),
    tasks: left(ofTasks, startedAt, now),
    finally: last === undefined ? afterTasks : timeoutOf(last),
  };
}

/** A signal that ends with its parent, or as the run's timeout. */
export function limitBy({ clock }: Execution, milliseconds: number | null, parent: AbortSignal): Deadline {
  return createDeadline({
    parent,
    milliseconds,
    reason: (): Cause => ({ kind: 'timeout', of: 'run' }),
    clock,
  });
}

/** Milliseconds; null when it has none. Tekton's default is that of all tasks, which ends them all at once. */
export function ownTimeout({ timeout }: PipelineTask): number | null {
  return timeout === undefined ? null : timeoutOf(timeout);
}
