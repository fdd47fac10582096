import type { PipelineTask } from '../core/pipeline/pipeline-run.ts';
import type { StepRef } from '../core/pipeline/run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { createDeadline } from './deadline.ts';
import { executeStep, refOfStep, timeoutOf } from './execute-step.ts';
import { causeOf, type Execution } from './execution.ts';
import { prepareTask } from './prepare-step.ts';
import { resolveSteps } from './resolve-task.ts';
import { taskPaths } from './run-paths.ts';
import { stepId } from './stored-run.ts';
import type { Replacements } from './substitution.ts';
import { readResults } from './task-results.ts';

export interface TaskToExecute {
  readonly task: PipelineTask;
  /** Of the tasks before it: `tasks.<task>.results.<result>`. */
  readonly results: Replacements;
  /** Milliseconds, when the task has no timeout of its own. */
  readonly defaultTimeout: number | null;
  /** Ends the task; the reason is a `Cause`. */
  readonly stop: AbortSignal;
}

/**
 * Runs the steps of a task in order until one fails. Resolves with the task's results by name, or null when it failed.
 * Rejects when the machine is at fault.
 */
export async function executeTask(
  execution: Execution,
  { task, results, defaultTimeout, stop }: TaskToExecute,
): Promise<ReadonlyMap<string, string> | null> {
  const { pipelineRun, clock } = execution;
  const paths = taskPaths(execution.paths, task.name);
  let current: StepRef | null = null;
  const limit = createDeadline({
    parent: stop,
    milliseconds: task.timeout === undefined ? defaultTimeout : timeoutOf(task.timeout),
    reason: (): Cause => ({ kind: 'timeout', of: current ?? 'run' }),
    clock,
  });
  try {
    await prepareTask(task, pipelineRun.spec.workspaces ?? [], paths);
    const scope = { pipelineRun, uid: execution.run().uid, results, paths };
    for (const step of resolveSteps(task, scope)) {
      if (limit.signal.aborted) {
        execution.fail(causeOf(limit.signal));
        return null;
      }
      current = refOfStep(execution, stepId({ task: task.name, step: step.name }));
      if (!(await executeStep(execution, { task, step, paths, stop: limit.signal }))) return null;
    }
    return readResults(
      paths.results,
      (task.taskSpec.results ?? []).map(({ name }) => name),
    );
  } finally {
    limit.release();
  }
}
