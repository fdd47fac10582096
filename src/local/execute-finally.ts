import type { Cause } from '../core/pipeline/run-status.ts';
import { causeOf, type Execution } from './execution.ts';
import { limitBy, type RunLimits } from './run-limits.ts';
import type { RunTasks } from './run-tasks.ts';
import { statusValues } from './task-values.ts';

export interface FinallyLimits {
  /** Ends with the whole run. */
  readonly whole: AbortSignal;
  readonly limits: RunLimits;
}

/**
 * Runs the tasks of `finally`, side by side. As Tekton does it: also after a cancellation (its `CancelledRunFinally`), not after the
 * whole pipeline's timeout, nor when the engine itself stops.
 */
export async function executeFinally(
  execution: Execution,
  tasks: RunTasks,
  { whole, limits }: FinallyLimits,
): Promise<void> {
  const { pipelineRun, stop, kill } = execution;
  const last = pipelineRun.spec.pipelineSpec.finally ?? [];
  if (last.length === 0 || kill.aborted || (whole.aborted && !isCancelled(stop))) return;
  const deadline = limitBy(execution, limits.finally ?? limits.pipeline, endOfFinally(execution, whole));
  const statuses = statusValues(tasks.outcomes);
  const how = { skip: null, stop: deadline.signal, statuses };
  try {
    await Promise.all(last.map((task) => tasks.execute(task, how)));
  } finally {
    deadline.release();
  }
}

/** Aborts with the whole run, unless that is cancelled: then only when nothing may be waited for any more. */
function endOfFinally({ stop, kill }: Execution, whole: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const onEnd = () => {
    if (!isCancelled(stop)) ended.abort(causeOf(whole));
  };
  whole.addEventListener('abort', onEnd, { once: true });
  const onKill = () => ended.abort(stop.aborted ? causeOf(stop) : KILLED);
  kill.addEventListener('abort', onKill, { once: true });
  return ended.signal;
}

const KILLED: Cause = {
  kind: 'infrastructure',
  reason: 'EngineStopped',
  detail: 'the engine was killed',
  retry: true,
};

export function isCancelled(stop: AbortSignal): boolean {
  return stop.aborted && causeOf(stop).kind === 'cancelled';
}
