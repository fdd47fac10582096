import type { StepState } from '../../core/pipeline/run-status.ts';
import { hasEnded } from './condition.ts';
import type { PodRecord } from './pod-record.ts';
import type { StepRecord, TaskRunRecord } from './task-run-record.ts';

/** A step as it really is. */
export interface StepProgress extends StepTimes {
  readonly record: StepRecord;
  readonly state: StepState;
  /** Absent when it did not end by itself. */
  readonly exitCode?: number;
}

interface StepTimes {
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
}

/**
 * Tekton says `running` of every step as soon as the containers are there, and reports the steps after a failed one as
 * failures of their own: so the first step that has not ended is the one that runs, and nothing ran after the first that
 * failed.
 */
export function taskSteps(taskRun: TaskRunRecord, pod: PodRecord | undefined): readonly StepProgress[] {
  const of = { over: hasEnded(taskRun.condition), released: pod?.released !== false };
  let rest: StepState | null = taskRun.condition?.reason === 'ToBeRetried' ? 'waiting' : null;
  let previousEnd: Date | undefined;
  return taskRun.steps.map((record) => {
    const state = rest ?? stateOf(record, of);
    rest ??= restAfter(record, state);
    if (state === 'waiting' || state === 'skipped') return { record, state };
    const times = timesOf(record, { previousEnd, taskEnd: taskRun.completedAt });
    previousEnd = times.finishedAt;
    return { record, state, ...(endedByItself(record) ? { exitCode: record.exitCode } : {}), ...times };
  });
}

/** The step that failed its task. */
export function culpritOf(progress: readonly StepProgress[]): StepProgress | undefined {
  return progress.find(({ record, state }) => state === 'failed' && !isTolerated(record));
}

/**
 * The step that a task waits for whose first ones are done: its container is not there yet, or never was. Undefined when a step runs, or
 * failed.
 */
export function awaitedStep(progress: readonly StepProgress[]): StepProgress | undefined {
  if (progress.some(({ state }) => state === 'running') || culpritOf(progress) !== undefined)
    return undefined;
  return progress.find(({ record, state }) => (state === 'waiting' || state === 'skipped') && !record.began);
}

/** False for one that a timeout, a cancellation or a pod that could not start has ended. */
export function endedByItself({ state, termination }: StepRecord): boolean {
  return state === 'ended' && termination !== 'TimeoutExceeded' && !endedWithItsPod(termination);
}

/** The end that Tekton makes up when it deletes the pod: `TaskRunCancelled`, `TaskRunTimeout`, … */
function endedWithItsPod(termination: string): boolean {
  return termination.startsWith('TaskRun');
}

function stateOf(record: StepRecord, of: { over: boolean; released: boolean }): StepState {
  if (record.state === 'ended') return endState(record, of.released);
  const runs = record.state === 'running' && of.released;
  if (of.over) return runs ? 'failed' : 'skipped';
  return runs ? 'running' : 'waiting';
}

function endState(record: StepRecord, released: boolean): StepState {
  if (endedWithItsPod(record.termination)) return released && record.began ? 'failed' : 'skipped';
  if (isLeftOut(record)) return 'skipped';
  return record.exitCode === 0 && !isOutOfMemory(record) ? 'succeeded' : 'failed';
}

/** What becomes of the steps after this one, when that is decided; null when they speak for themselves. */
function restAfter(record: StepRecord, state: StepState): StepState | null {
  switch (state) {
    case 'waiting':
    case 'running':
      return 'waiting';
    case 'failed':
      return isTolerated(record) ? null : 'skipped';
    case 'skipped':
      return isLeftOut(record) ? null : 'skipped';
    case 'succeeded':
      return null;
  }
}

/** Also when only a child process was killed, and the step itself ended well: Tekton fails it nevertheless. */
export function isOutOfMemory({ reason }: StepRecord): boolean {
  return reason === 'OOMKilled';
}

/** By its own `onError: continue`. */
function isTolerated({ termination }: StepRecord): boolean {
  return termination === 'Continued';
}

/** By its own `when`. */
function isLeftOut({ state, termination, exitCode }: StepRecord): boolean {
  return state === 'ended' && termination === 'Skipped' && exitCode === 0;
}

/** The containers of a pod start together, and a step waits in its own for the one before it. */
function timesOf(
  { startedAt: own, finishedAt: end, state }: StepRecord,
  { previousEnd, taskEnd }: { previousEnd: Date | undefined; taskEnd: Date | undefined },
): StepTimes {
  const startedAt = own !== undefined && previousEnd !== undefined && previousEnd > own ? previousEnd : own;
  const finishedAt = state === 'ended' ? end : taskEnd;
  return {
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}
