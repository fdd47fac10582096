import type { PlacedStep } from '../../core/pipeline/run.ts';
import type { Cause } from '../../core/pipeline/run-status.ts';
import type { Condition } from './condition.ts';
import type { CustomRunRecord } from './custom-run-record.ts';
import type { RunRecord } from './run-record.ts';
import { podOf, refOf } from './run-steps.ts';
import { serverMessage } from './server-message.ts';
import { blockedTask } from './task-blocked.ts';
import { taskCause } from './task-cause.ts';
import type { TaskRunRecord } from './task-run-record.ts';

/** Cancelled by something else than the app. */
const UNKNOWN_CANCEL: Cause = {
  kind: 'cancelled',
  by: 'an operator',
  why: 'the PipelineRun was cancelled in Kubernetes',
};

/** Why a run that has ended is not green: the first cause; null when nothing tells it. */
export function runCause(record: RunRecord, end: Condition, placed: readonly PlacedStep[]): Cause | null {
  const remembered = record.pipelineRun?.remembered?.cause;
  if (remembered?.kind === 'infrastructure') return remembered;
  if (end.reason === 'Cancelled') return remembered ?? UNKNOWN_CANCEL;
  const failure = firstFailure(record);
  if (failure !== undefined) return taskCause(failure, podOf(record, failure), placed);
  if (end.reason === 'PipelineRunTimeout') return timeoutCause(record);
  const late = [...record.customRuns.values()].find(({ timedOut }) => timedOut);
  if (late !== undefined) return turnCause(late, placed);
  if (end.reason !== 'Failed')
    return { kind: 'infrastructure', reason: end.reason, detail: serverMessage(end.message), retry: false };
  const cancelled = [...record.taskRuns.values()].some(
    ({ condition }) => condition?.reason === 'TaskRunCancelled',
  );
  return cancelled ? UNKNOWN_CANCEL : null;
}

/** The deploy that waited for the turn never came. */
function turnCause({ target }: CustomRunRecord, placed: readonly PlacedStep[]): Cause {
  const step = placed.find(({ stage, variant }) => stage === 'deploy' && variant === target);
  return { kind: 'timeout', of: step === undefined ? 'run' : refOf(step) };
}

/** A run that waited to its end for something that it never got did not take too long: it never had a chance. */
function timeoutCause(record: RunRecord): Cause {
  const blocked = [...record.taskRuns.values()]
    .map((taskRun) => blockedTask(taskRun, podOf(record, taskRun), null))
    .find((each) => each !== undefined);
  return blocked === undefined
    ? { kind: 'timeout', of: 'run' }
    : { kind: 'infrastructure', ...blocked, retry: false };
}

/** Of its own accord: a cancelled task only tells of another's end. */
function firstFailure(record: RunRecord): TaskRunRecord | undefined {
  const at = ({ completedAt, condition }: TaskRunRecord) =>
    (completedAt ?? condition?.since)?.getTime() ?? Number.POSITIVE_INFINITY;
  return [...record.taskRuns.values()]
    .filter(
      ({ condition }) =>
        condition?.status === 'False' && !['TaskRunCancelled', 'FailureIgnored'].includes(condition.reason),
    )
    .sort((a, b) => at(a) - at(b) || a.name.localeCompare(b.name))[0];
}
