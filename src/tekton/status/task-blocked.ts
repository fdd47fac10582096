import type { Blocked } from '../../core/pipeline/run-status.ts';
import { hasEnded, shortMessage } from './condition.ts';
import type { PodRecord } from './pod-record.ts';
import { serverMessage } from './server-message.ts';
import type { TaskRunRecord } from './task-run-record.ts';
import { awaitedStep, taskSteps } from './task-steps.ts';

/**
 * Reasons of a TaskRun that goes on as it should.
 * https://tekton.dev/docs/pipelines/taskruns/#monitoring-execution-status
 */
const ORDINARY = new Set([
  '',
  'Started',
  'Running',
  'Pending',
  'TaskRunPending',
  'ToBeRetried',
  'ResolvingTaskRef',
  'ResolvingStepActionRef',
]);

/** Tekton repeats the pod's condition in its message, without the reason that Kubernetes gives. */
const UNSCHEDULABLE = /^pod status "PodScheduled":"False"/;

/** Milliseconds that volumes may take to come without a word about it. */
const MOUNT_MS = 20_000;

/**
 * What keeps a task from starting, or from its next step, or kept it until it was ended from outside; undefined when nothing does. Tekton
 * itself waits with most of these until the run's timeout. `now` is null when the waiting is over.
 */
export function blockedTask(
  taskRun: TaskRunRecord,
  pod: PodRecord | undefined,
  now: Date | null,
): Blocked | undefined {
  const progress = taskSteps(taskRun, pod);
  const hasBegun = progress.some(({ state }) => state !== 'waiting' && state !== 'skipped');
  if (hasBegun && awaitedStep(progress) === undefined) return undefined;
  const { condition, previous } = taskRun;
  const state = hasEnded(condition) ? previous : (condition ?? undefined);
  if (state !== undefined && !ORDINARY.has(state.reason)) {
    return {
      reason: state.reason,
      detail: taskRun.waiting?.detail || pod?.blocked?.detail || serverMessage(state.message),
    };
  }
  if (taskRun.waiting !== undefined) return taskRun.waiting;
  if (pod?.blocked !== undefined) return pod.blocked;
  if (state !== undefined && UNSCHEDULABLE.test(state.message)) {
    return { reason: 'Unschedulable', detail: serverMessage(state.message) };
  }
  return hasBegun ? undefined : blockedByVolumes(taskRun, pod, now);
}

/** The reason is that of the kubelet's event. */
function blockedByVolumes(
  { task }: TaskRunRecord,
  pod: PodRecord | undefined,
  now: Date | null,
): Blocked | undefined {
  if (pod?.volumes === undefined) return undefined;
  const { since, names } = pod.volumes;
  if (now !== null && now.getTime() - since.getTime() < MOUNT_MS) return undefined;
  const detail = shortMessage(`the pod of the task ${task} waits for its volumes: ${names.join(', ')}`);
  return { reason: 'FailedMount', detail };
}
