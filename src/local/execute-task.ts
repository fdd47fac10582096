import type { EmbeddedTask } from '../core/pipeline/pipeline-run.ts';
import type { StepRef } from '../core/pipeline/run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { createDeadline } from './deadline.ts';
import { executeStep } from './execute-step.ts';
import { causeOf, type Execution, refOfStep } from './execution.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import { prepareTask } from './prepare-task.ts';
import { removeTree } from './remove-tree.ts';
import { resolveBindings, resolveSpec, withPipelineValues } from './resolve-task.ts';
import { ownTimeout } from './run-limits.ts';
import { CONTAINER_VIEW, taskPaths } from './run-paths.ts';
import { block } from './run-progress.ts';
import { startServices } from './run-services.ts';
import { stepId } from './stored-run.ts';
import { paramReferences, type Replacements } from './substitution.ts';
import type { Results, TaskOutcome } from './task-outcome.ts';
import { messageShare, RESULTS_LIMIT, readResults } from './task-results.ts';
import { bindWorkspaces, inheritWorkspaces } from './workspaces.ts';

export interface TaskToExecute {
  readonly task: EmbeddedTask;
  /** What its text may refer to: `tasks.<task>.results.<result>`. */
  readonly values: Replacements;
  /** In `finally`: how the other tasks ended. */
  readonly statuses: Replacements;
  /** Ends the task; the reason is a `Cause`. */
  readonly stop: AbortSignal;
}

type Ended = Exclude<TaskOutcome, { state: 'skipped' }>;

/**
 * Runs the steps of a task in order until one fails, all of it again as often as its `retries` say. Rejects when the machine is at
 * fault.
 */
export async function executeTask(execution: Execution, given: TaskToExecute): Promise<Ended> {
  const { retries = 0, onError } = given.task;
  for (let retry = 0; ; retry += 1) {
    const { cause, results } = await executeOnce(execution, given, retry);
    if (cause === null) return { state: 'succeeded', results };
    if (given.stop.aborted || retry >= retries)
      return {
        state: 'failed',
        cause,
        results,
        ignored: onError === 'continue' && !given.stop.aborted,
      };
  }
}

interface Attempt {
  readonly cause: Cause | null;
  readonly results: Results;
}

/** Every time in a place of its own, as in a new pod. */
async function executeOnce(
  execution: Execution,
  { task, values, statuses, stop }: TaskToExecute,
  retry: number,
): Promise<Attempt> {
  const { clock } = execution;
  let current: StepRef | null = null;
  const limit = createDeadline({
    parent: stop,
    milliseconds: ownTimeout(task),
    reason: (): Cause => ({ kind: 'timeout', of: current ?? 'run' }),
    clock,
  });
  try {
    // What an attempt before this one, or an engine that died, left.
    const remove = execution.runtime.removeTree ?? removeTree;
    await remove(taskPaths(execution.paths, task.name).directory);
    const prepared = await prepare(execution, { task, values, statuses, retry });
    const services = await startServices(execution, prepared, {
      stop: limit.signal,
      onBlocked: (detail) => execution.change((run) => block(run, { reason: 'ServiceNotReady', detail })),
    });
    try {
      for (const step of prepared.task.taskSpec.steps) {
        current = refOfStep(execution, stepId({ task: task.name, step: step.name }));
        const cause = limit.signal.aborted
          ? causeOf(limit.signal)
          : await executeStep(execution, {
              prepared,
              step,
              services,
              retries: retry < (task.retries ?? 0),
              stop: limit.signal,
            });
        if (cause !== null) return { cause, results: await resultsOf(prepared) };
      }
      return { cause: null, results: await resultsOf(prepared) };
    } finally {
      await services?.end();
    }
  } finally {
    limit.release();
  }
}

async function prepare(
  execution: Execution,
  { task, values, statuses, retry }: Pick<TaskToExecute, 'task' | 'values' | 'statuses'> & { retry: number },
) {
  const { pipelineRun, runtime, secrets } = execution;
  const { containers } = runtime;
  const paths = taskPaths(execution.paths, task.name);
  const view = containers ? CONTAINER_VIEW : paths;
  const places = { run: execution.paths, paths, view, containers };
  const scope = { pipelineRun, uid: execution.run().uid, values, statuses };
  const bindings = resolveBindings(scope);
  const own = inheritWorkspaces(withPipelineValues(task, scope), bindings);
  const workspaces = bindWorkspaces(own, bindings, places);
  const resolved = resolveSpec(own, { ...scope, view, workspaces, retry });
  refuseLeftParams(resolved);
  return prepareTask(resolved, workspaces, { places, secrets });
}

/** What a value brings is never looked at again, and Tekton makes no pod of a task that names a param which it does not have. */
function refuseLeftParams({ name, taskSpec }: EmbeddedTask): void {
  const own = (taskSpec.params ?? []).map((param) => param.name);
  const left = paramReferences(taskSpec).find((param) => !own.includes(param));
  if (left === undefined) return;
  const detail = `task ${name} was given a value that names the param ${left}, which is not replaced there`;
  throw new InfrastructureError('PodCreationFailed', detail);
}

async function resultsOf({ task, paths }: Awaited<ReturnType<typeof prepare>>): Promise<Results> {
  const names = (task.taskSpec.results ?? []).map(({ name }) => name);
  const { values, size } = await readResults(paths.results, names);
  const told = size <= Math.min(RESULTS_LIMIT, messageShare(task.taskSpec));
  return told ? Object.fromEntries(values) : {};
}
