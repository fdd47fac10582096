import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { executeFinally, isCancelled } from './execute-finally.ts';
import { causeOf, type Execution } from './execution.ts';
import { infrastructureCause } from './infrastructure-error.ts';
import { missingResult, unwritten } from './missing-result.ts';
import { resolveResults } from './resolve-task.ts';
import { limitBy, limitsOf } from './run-limits.ts';
import { createRunTasks, type RunTasks } from './run-tasks.ts';
import { scheduleTasks } from './schedule-tasks.ts';

/** How a run ended: null succeeded. */
export interface RunOutcome {
  readonly cause: Cause | null;
  /** The pipeline's results, as far as they were written. */
  readonly results: ReadonlyMap<string, string>;
}

/**
 * Executes a pipeline as Tekton does: tasks as soon as those before them have ended well, side by side; after a failure no further
 * task starts, and those that run are not stopped; then those of `finally`. Takes up what ended before a restart. Never rejects for
 * what a step or the machine does.
 */
export async function executeRun(execution: Execution): Promise<RunOutcome> {
  const { pipelineRun, stop } = execution;
  const tasks = createRunTasks(execution);
  const limits = limitsOf(execution);
  const whole = limitBy(execution, limits.pipeline, stop);
  const first = limitBy(execution, limits.tasks, whole.signal);
  try {
    await scheduleTasks({
      tasks: pipelineRun.spec.pipelineSpec.tasks,
      known: tasks.outcomes,
      execute: (task, skip) => tasks.execute(task, { skip, stop: first.signal }),
    });
    await executeFinally(execution, tasks, { whole: whole.signal, limits });
    if (isCancelled(stop)) tasks.fail(causeOf(stop));
    if (tasks.cause() === null) requireResults(pipelineRun, tasks);
  } catch (error) {
    tasks.fail(infrastructureCause(error));
  } finally {
    first.release();
    whole.release();
  }
  // Tekton leaves them out of a cancelled run.
  if (isCancelled(stop)) return { cause: tasks.cause(), results: new Map() };
  const scope = { pipelineRun, uid: execution.run().uid, values: tasks.values() };
  return { cause: tasks.cause(), results: resolveResults(scope) };
}

/** A result of a task that was skipped is left out; of one that ran and did not write it, the run fails. */
function requireResults({ spec }: PipelineRun, tasks: RunTasks): void {
  for (const result of spec.pipelineSpec.results ?? []) {
    const missing = missingResult(result, tasks.values());
    if (missing !== null && tasks.outcomes.get(missing.task)?.state !== 'skipped')
      throw unwritten(missing, 'the pipeline');
  }
}
