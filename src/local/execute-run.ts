import type { PipelineRun, PipelineTask } from '../core/pipeline/pipeline-run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { createDeadline } from './deadline.ts';
import { timeoutOf } from './execute-step.ts';
import { executeTask } from './execute-task.ts';
import { causeOf, type Execution } from './execution.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import { resolveResults } from './resolve-task.ts';
import { taskResultReferences } from './substitution.ts';
import { dependenciesOf } from './task-graph.ts';

/** How a run ended: null succeeded. */
export interface RunOutcome {
  readonly cause: Cause | null;
  /** The pipeline's results, as far as they were written. */
  readonly results: ReadonlyMap<string, string>;
}

/**
 * Executes a pipeline as Tekton does: tasks as soon as those before them have succeeded, side by side; after a failure no
 * further task starts, and those that run are not stopped. Never rejects for what a step or the machine does.
 */
export async function executeRun(given: Omit<Execution, 'fail'>): Promise<RunOutcome> {
  let cause: Cause | null = null;
  const fail = (found: Cause) => {
    cause ??= found;
  };
  const execution: Execution = { ...given, fail };
  const results = new Map<string, string>();
  const limits = timeoutsOf(given.pipelineRun);
  const run = limitRun(execution, limits.pipeline, given.stop);
  const tasks = limitRun(execution, limits.tasks, run.signal);
  try {
    await inOrder(
      given.pipelineRun.spec.pipelineSpec.tasks,
      async (task) => {
        if (tasks.signal.aborted) fail(causeOf(tasks.signal));
        if (cause !== null) return false;
        requireResults(task, `task ${task.name}`, results);
        const options = { task, results, defaultTimeout: limits.tasks, stop: tasks.signal };
        const written = await executeTask(execution, options);
        for (const [name, value] of written ?? []) results.set(`tasks.${task.name}.results.${name}`, value);
        return written !== null;
      },
      fail,
    );
    if (cause === null) requireResults(given.pipelineRun.spec.pipelineSpec.results, 'the pipeline', results);
  } catch (error) {
    fail(infrastructureCause(error));
  } finally {
    tasks.release();
    run.release();
  }
  return { cause, results: resolveResults(given.pipelineRun, results) };
}

/** Runs each task after those it waits for, if all of these returned true. */
async function inOrder(
  tasks: readonly PipelineTask[],
  execute: (task: PipelineTask) => Promise<boolean>,
  fail: (cause: Cause) => void,
): Promise<void> {
  const begun = new Map<string, Promise<boolean>>();
  const begin = (task: PipelineTask): Promise<boolean> => {
    const known = begun.get(task.name);
    if (known !== undefined) return known;
    const before = tasks.filter(({ name }) => dependenciesOf(task).has(name));
    const outcome = Promise.all(before.map(begin))
      .then((succeeded) => succeeded.every(Boolean) && execute(task))
      .catch((error: unknown) => {
        fail(infrastructureCause(error));
        return false;
      });
    begun.set(task.name, outcome);
    return outcome;
  };
  await Promise.all(tasks.map(begin));
}

/** What to report of an error that no step made: a full disk, a missing secret. */
export function infrastructureCause(error: unknown): Cause {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof InfrastructureError)
    return { kind: 'infrastructure', reason: error.reason, detail, retry: false };
  // System errors carry a name such as ENOSPC.
  const { code } = error as { code?: unknown };
  return {
    kind: 'infrastructure',
    reason: typeof code === 'string' ? code : 'EngineError',
    detail,
    retry: false,
  };
}

function requireResults(user: unknown, name: string, results: ReadonlyMap<string, string>): void {
  const missing = taskResultReferences(user).find(
    (reference) => !results.has(`tasks.${reference.task}.results.${reference.result}`),
  );
  if (missing === undefined) return;
  throw new InfrastructureError(
    'PipelineValidationFailed',
    `task ${missing.task} did not write the result ${missing.result}, which ${name} uses`,
  );
}

/** Tekton's default: https://tekton.dev/docs/pipelines/pipelineruns/#configuring-a-failure-timeout */
const DEFAULT_TIMEOUT = '1h';

/** Milliseconds; null is no limit. */
function timeoutsOf({ spec }: PipelineRun): { pipeline: number | null; tasks: number | null } {
  const pipeline = timeoutOf(spec.timeouts?.pipeline ?? DEFAULT_TIMEOUT);
  const { tasks } = spec.timeouts ?? {};
  return { pipeline, tasks: tasks === undefined ? pipeline : timeoutOf(tasks) };
}

function limitRun({ clock }: Execution, milliseconds: number | null, parent: AbortSignal) {
  return createDeadline({
    parent,
    milliseconds,
    reason: (): Cause => ({ kind: 'timeout', of: 'run' }),
    clock,
  });
}
