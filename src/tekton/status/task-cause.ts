import type { PlacedStep } from '../../core/pipeline/run.ts';
import type { Cause } from '../../core/pipeline/run-status.ts';
import type { Disruption, PodRecord } from './pod-record.ts';
import { refOf } from './run-steps.ts';
import { serverMessage } from './server-message.ts';
import { blockedTask } from './task-blocked.ts';
import type { TaskRunRecord } from './task-run-record.ts';
import { culpritOf, endedByItself, isOutOfMemory, type StepProgress, taskSteps } from './task-steps.ts';

/** Why a task failed: its pod was ended from outside, whatever the steps say; else its first step that failed. */
export function taskCause(
  taskRun: TaskRunRecord,
  pod: PodRecord | undefined,
  placed: readonly PlacedStep[],
): Cause {
  const culprit = culpritOf(taskSteps(taskRun, pod));
  const disruption = disruptionOf(taskRun, pod, culprit);
  if (disruption !== null) return disruption;
  if (culprit !== undefined && endedByItself(culprit.record)) return stepCause(taskRun, culprit, placed);
  if (isTimeout(taskRun, culprit)) {
    const blocked = blockedTask(taskRun, pod, null);
    if (culprit === undefined && blocked !== undefined)
      return { kind: 'infrastructure', ...blocked, retry: false };
    const step = placed.find((each) => each.task === taskRun.task && each.step === culprit?.record.name);
    return { kind: 'timeout', of: step === undefined ? 'run' : refOf(step) };
  }
  return ownReason(taskRun);
}

function isTimeout({ condition }: TaskRunRecord, culprit: StepProgress | undefined): boolean {
  return condition?.reason === 'TaskRunTimeout' || culprit?.record.termination === 'TimeoutExceeded';
}

function stepCause(taskRun: TaskRunRecord, { record }: StepProgress, placed: readonly PlacedStep[]): Cause {
  const step = placed.find((each) => each.task === taskRun.task && each.step === record.name);
  if (step === undefined) {
    const detail = `the step ${taskRun.task}.${record.name} exited with code ${record.exitCode}`;
    return { kind: 'infrastructure', reason: 'StepFailed', detail, retry: false };
  }
  const outOfMemory = isOutOfMemory(record) ? ({ outOfMemory: true } as const) : {};
  return { kind: 'step', step: refOf(step), exitCode: record.exitCode, ...outOfMemory };
}

/** A node that refuses a pod is not a node that is lost: the next run would fare the same. */
const REFUSED = /^(OutOf|NodeAffinity|UnexpectedAdmissionError)/;

function disruptionOf(
  taskRun: TaskRunRecord,
  pod: PodRecord | undefined,
  culprit: StepProgress | undefined,
): Cause | null {
  const { condition } = taskRun;
  // These delete the pod themselves.
  if (condition?.reason.startsWith('TaskRun')) return null;
  const ended = culprit?.finishedAt ?? taskRun.completedAt;
  const disruption = pod?.disruption;
  if (disruption !== undefined && (ended === undefined || disruption.at <= ended)) return causeOf(disruption);
  if (condition?.reason === 'PodEvicted') {
    return { kind: 'infrastructure', reason: condition.reason, detail: condition.message, retry: true };
  }
  return culprit !== undefined && wasTornDown(taskRun, culprit)
    ? {
        kind: 'infrastructure',
        reason: 'PodTerminated',
        detail: `the pod of the task ${taskRun.task} was ended from outside while its steps ran`,
        retry: true,
      }
    : null;
}

function causeOf({ reason, detail }: Disruption): Cause {
  return { kind: 'infrastructure', reason, detail, retry: !REFUSED.test(reason) };
}

/**
 * When a step fails, Tekton's entrypoint ends those after it and says that it skipped them. One that ended without that
 * word was ended together with the step before it: all that is left to see of an eviction when the pod is gone.
 */
function wasTornDown({ steps }: TaskRunRecord, { record }: StepProgress): boolean {
  const after = steps.slice(steps.indexOf(record) + 1);
  return (
    endedByItself(record) &&
    !isOutOfMemory(record) &&
    after.some(
      ({ state, exitCode, termination }) => state === 'ended' && exitCode !== 0 && termination === '',
    )
  );
}

function ownReason({ condition, waiting }: TaskRunRecord): Cause {
  return {
    kind: 'infrastructure',
    reason: condition?.reason ?? '',
    detail: waiting?.detail || serverMessage(condition?.message ?? ''),
    retry: false,
  };
}
