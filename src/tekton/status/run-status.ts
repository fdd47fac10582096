import type { PlacedStep } from '../../core/pipeline/run.ts';
import type { Blocked, Cause, RunStatus, Verdict } from '../../core/pipeline/run-status.ts';
import { type Condition, hasEnded } from './condition.ts';
import type { PipelineRunRecord } from './pipeline-run-record.ts';
import { blockedByTekton, endWithoutTekton } from './run-begin.ts';
import { runCause } from './run-cause.ts';
import type { RunRecord } from './run-record.ts';
import { podOf, runSteps } from './run-steps.ts';
import { blockedTask } from './task-blocked.ts';
import { taskHasBegun } from './task-start.ts';

/** What a record alone does not tell. */
export interface RunPlace {
  /** In order of execution. */
  readonly steps: readonly PlacedStep[];
  /** Runs that start before this one, while it is pending. */
  readonly ahead: number;
  /** Some things are told by time alone: that something should have happened. */
  readonly now: Date;
}

const VERDICTS: Readonly<Record<Cause['kind'], Verdict>> = {
  step: 'failed',
  timeout: 'timed-out',
  cancelled: 'cancelled',
  infrastructure: 'infrastructure',
};

/** What Tekton's objects say of a run, whichever of them have been seen; null until the PipelineRun itself was. */
export function runStatus(record: RunRecord, place: RunPlace): RunStatus | null {
  const { pipelineRun } = record;
  if (pipelineRun === null) return null;
  const end = endOf(record, pipelineRun) ?? endWithoutTekton(record, place.now);
  if (end !== null) return doneStatus(record, pipelineRun, { end, place });
  if (isPending(pipelineRun)) return { phase: 'pending', ahead: place.ahead };
  const blocked = blockedNow(record, place.now);
  const reason = blocked === undefined ? {} : { blocked };
  if (!hasBegun(record)) {
    return { phase: 'starting', since: startOf(record, pipelineRun), ...reason };
  }
  const turns = [...record.customRuns.values()]
    .filter(({ waits }) => waits)
    .map(({ target, since }) => ({ target, since }));
  return { phase: 'running', steps: runSteps(record, place.steps, null), turns, ...reason };
}

/**
 * A PipelineRun can end before the last event of its TaskRuns, which tell why: it has ended when they have. The
 * exceptions are those that Tekton could not end.
 */
function endOf(record: RunRecord, { condition }: PipelineRunRecord): Condition | null {
  if (!hasEnded(condition)) return null;
  const goesOn = [...record.taskRuns.values()].some((taskRun) => !hasEnded(taskRun.condition));
  return goesOn && !condition.reason.includes('Couldnt') ? null : condition;
}

function doneStatus(
  record: RunRecord,
  { completedAt, createdAt }: PipelineRunRecord,
  { end, place }: { readonly end: Condition; readonly place: RunPlace },
): RunStatus {
  const finishedAt = completedAt ?? end.since ?? createdAt;
  const cause = end.status === 'True' ? null : runCause(record, end, place.steps);
  const failed = cause === null ? 'failed' : VERDICTS[cause.kind];
  return {
    phase: 'done',
    verdict: end.status === 'True' ? 'succeeded' : failed,
    ...(cause === null ? {} : { cause }),
    steps: runSteps(record, place.steps, finishedAt),
    results: imageOf(record),
    finishedAt,
  };
}

/** A pod that is made again starts again. */
function startOf(record: RunRecord, { startedAt, createdAt }: PipelineRunRecord): Date {
  const pods = [...record.pods.values()].map((pod) => pod.createdAt.getTime());
  return new Date(Math.max((startedAt ?? createdAt).getTime(), ...pods));
}

/** Also while it is cancelled before its release. */
function isPending({ wanted, condition }: PipelineRunRecord): boolean {
  return wanted === 'PipelineRunPending' || (wanted !== '' && condition?.reason === 'PipelineRunPending');
}

/** A step has begun, or a turn. */
function hasBegun(record: RunRecord): boolean {
  const taskRuns = [...record.taskRuns.values()];
  return (
    record.customRuns.size > 0 ||
    taskRuns.some((taskRun) => taskRun.retried || taskHasBegun(taskRun, podOf(record, taskRun)))
  );
}

function blockedNow(record: RunRecord, now: Date): Blocked | undefined {
  const cause = record.pipelineRun?.remembered?.cause;
  // It is being ended for that, whatever its objects still say.
  if (cause?.kind === 'infrastructure') return { reason: cause.reason, detail: cause.detail };
  const ofTasks = [...record.taskRuns.values()]
    .filter(({ condition }) => !hasEnded(condition))
    .map((taskRun) => blockedTask(taskRun, podOf(record, taskRun), now))
    .find((blocked) => blocked !== undefined);
  return ofTasks ?? blockedByTekton(record, now);
}

/** Tekton copies the results of tasks to those of the run, if it ends as it should. */
function imageOf(record: RunRecord): Extract<RunStatus, { phase: 'done' }>['results'] {
  const ofTasks = [...record.taskRuns.values()].map(({ results }) => results);
  return Object.assign({}, ...ofTasks, record.pipelineRun?.results ?? {});
}
