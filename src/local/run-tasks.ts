import type { PipelineTask } from '../core/pipeline/pipeline-run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { createActivity } from './activity.ts';
import { executeTask } from './execute-task.ts';
import { executeTurn } from './execute-turn.ts';
import { causeOf, type Execution } from './execution.ts';
import { infrastructureCause } from './infrastructure-error.ts';
import { missingResult, unwritten } from './missing-result.ts';
import { withPipelineValues } from './resolve-task.ts';
import { endTask } from './run-progress.ts';
import type { Skipped } from './schedule-tasks.ts';
import type { Replacements } from './substitution.ts';
import { isEmbedded } from './task-graph.ts';
import type { TaskOutcome } from './task-outcome.ts';
import { type Outcomes, resultValues } from './task-values.ts';
import { whenHolds } from './when.ts';

export interface HowToExecute {
  /** Whether a task before it keeps it from running. */
  readonly skip: Skipped | null;
  readonly stop: AbortSignal;
  /** What its text may refer to besides results. */
  readonly statuses?: Replacements;
}

/** What is known of the tasks of a run, and how one more is executed. */
export interface RunTasks {
  /** Those that have ended, without those of `finally`. */
  readonly outcomes: Outcomes;
  /** What the pipeline's results may refer to. */
  values(): Replacements;
  /** Why the run is not green so far; the first word counts. */
  cause(): Cause | null;
  fail(cause: Cause): void;
  /** Executes a task, or notes why it does not run. Never rejects for what a step or the machine does. */
  execute(task: PipelineTask, how: HowToExecute): Promise<TaskOutcome>;
}

export function createRunTasks(execution: Execution): RunTasks {
  const { pipelineRun, change } = execution;
  const { tasks, finally: last = [] } = pipelineRun.spec.pipelineSpec;
  const ended = endedTasks(execution);
  const ofTasks = new Map([...ended].filter(([name]) => tasks.some((task) => task.name === name)));
  const ofFinally = new Map([...ended].filter(([name]) => last.some((task) => task.name === name)));
  const hasTurns = !tasks.every(isEmbedded);
  const activity = createActivity(execution.slot);
  let cause = firstCause([...ended.values()]);

  function fail(found: Cause): void {
    cause ??= found;
  }

  function values(): Replacements {
    return new Map([...resultValues(ofTasks), ...resultValues(ofFinally, 'finally')]);
  }

  function isLast({ name }: PipelineTask): boolean {
    return last.some((task) => task.name === name);
  }

  /** Tekton fails the run only for a task that did run and did not write it; `finally` is always patient. */
  function skippedForResult(task: PipelineTask, values: Replacements): Skipped | null {
    const missing = missingResult(task, values);
    if (missing === null) return null;
    const patient = isLast(task) || ofTasks.get(missing.task)?.state === 'skipped';
    if (!patient) throw unwritten(missing, `task ${task.name}`);
    return { state: 'skipped', because: 'results' };
  }

  async function run(task: PipelineTask, how: HowToExecute): Promise<TaskOutcome> {
    const values = resultValues(ofTasks);
    const statuses = how.statuses ?? new Map();
    const skipped = skippedForResult(task, values);
    if (skipped !== null) return skipped;
    const scope = { pipelineRun, uid: execution.run().uid, values, statuses };
    const resolved = withPipelineValues(task, scope);
    if (!whenHolds(resolved.when ?? [])) return { state: 'skipped', because: 'when' };
    if (!isEmbedded(resolved)) {
      const turn = { task: resolved, stop: how.stop };
      return activity.wait(() => executeTurn(execution, turn));
    }
    if (!isEmbedded(task)) throw new Error(`${task.name} is two kinds of task`);
    const given = { task, values, statuses, stop: how.stop };
    const outcome = await activity.work(() => executeTask(execution, given), how.stop);
    return outcome ?? { state: 'failed', cause: causeOf(how.stop), results: {}, ignored: false };
  }

  async function outcomeOf(task: PipelineTask, how: HowToExecute): Promise<TaskOutcome> {
    if (how.skip !== null) return how.skip;
    if (how.stop.aborted) fail(causeOf(how.stop));
    if (how.stop.aborted || (!isLast(task) && cause !== null)) return STOPPING;
    return run(task, how).catch((error: unknown) => failed(error));
  }

  /** Only a run with turns is ever taken up again; of the others only what a reader sees at once. */
  function worthKeeping(outcome: TaskOutcome): boolean {
    return hasTurns || (outcome.state === 'skipped' && outcome.because !== 'stopping');
  }

  return {
    outcomes: ofTasks,
    fail,
    values,
    cause: () => cause,
    async execute(task: PipelineTask, how: HowToExecute): Promise<TaskOutcome> {
      const outcome = await outcomeOf(task, how);
      if (outcome.state === 'failed' && !outcome.ignored) fail(outcome.cause);
      (isLast(task) ? ofFinally : ofTasks).set(task.name, outcome);
      if (worthKeeping(outcome)) await change((stored) => endTask(stored, task.name, outcome));
      return outcome;
    },
  };
}

const STOPPING = { state: 'skipped', because: 'stopping' } as const;

function failed(error: unknown): TaskOutcome {
  return { state: 'failed', cause: infrastructureCause(error), results: {}, ignored: false };
}

/** Tasks that ended before a restart of the engine. */
function endedTasks(execution: Execution): ReadonlyMap<string, TaskOutcome> {
  return new Map(
    Object.entries(execution.run().tasks).flatMap(([name, task]) =>
      task.state === 'running' ? [] : [[name, task] as const],
    ),
  );
}

function firstCause(outcomes: readonly TaskOutcome[]): Cause | null {
  for (const outcome of outcomes) {
    if (outcome.state === 'failed' && !outcome.ignored) return outcome.cause;
  }
  return null;
}
