import { hasEnded } from './condition.ts';
import type { PodRecord } from './pod-record.ts';
import { unbegunSince } from './run-begin.ts';
import type { RunRecord } from './run-record.ts';
import { podOf } from './run-steps.ts';
import type { TaskRunRecord } from './task-run-record.ts';
import { awaitedStep, taskSteps } from './task-steps.ts';

/**
 * Whether a step of the task has begun, in its pod of now: the first one. The containers of the others start beside it, and wait, also
 * for one that cannot start.
 */
export function taskHasBegun(taskRun: TaskRunRecord, pod: PodRecord | undefined): boolean {
  if (hasEnded(taskRun.condition)) return true;
  const first = taskRun.steps[0]?.state;
  return first === 'ended' || (first === 'running' && pod?.released !== false);
}

/**
 * Since when the run waits for a task, or a task of it for its first or next step, the longest of them; null when nothing does. What
 * takes too long will not come by itself, whether anything says why or not.
 */
export function startingSince(record: RunRecord): Date | null {
  const waits = [...record.taskRuns.values()].map((taskRun) => waitsSince(taskRun, podOf(record, taskRun)));
  const times = [unbegunSince(record), ...waits].flatMap((since) => since?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times));
}

function waitsSince(taskRun: TaskRunRecord, pod: PodRecord | undefined): Date | null {
  const { createdAt, condition } = taskRun;
  // A pod that was made again waits since then.
  if (!taskHasBegun(taskRun, pod))
    return pod !== undefined && pod.createdAt > createdAt ? pod.createdAt : createdAt;
  return hasEnded(condition) ? null : stepWaitsSince(taskRun, pod);
}

/** Where a pod's steps begin before all of its containers are there, a later one may lack its image. */
function stepWaitsSince(taskRun: TaskRunRecord, pod: PodRecord | undefined): Date | null {
  const progress = taskSteps(taskRun, pod);
  const awaited = awaitedStep(progress);
  if (awaited === undefined) return null;
  return progress[progress.indexOf(awaited) - 1]?.record.finishedAt ?? taskRun.createdAt;
}
