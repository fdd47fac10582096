import type { PlacedStep, StepRef } from '../../core/pipeline/run.ts';
import type { StepStatus } from '../../core/pipeline/run-status.ts';
import { hasEnded } from './condition.ts';
import type { PodRecord } from './pod-record.ts';
import type { RunRecord } from './run-record.ts';
import type { TaskRunRecord } from './task-run-record.ts';
import { taskSteps } from './task-steps.ts';

/** The steps of a run as they really are; `endedAt` is when the run ended, null while it goes on. */
export function runSteps(
  record: RunRecord,
  steps: readonly PlacedStep[],
  endedAt: Date | null,
): readonly StepStatus[] {
  return steps.map((step) => {
    const status = stepStatus(record, step);
    if (endedAt === null) return status;
    if (status.state === 'waiting') return { ...status, state: 'skipped' };
    return status.state === 'running' ? { ...status, state: 'failed', finishedAt: endedAt } : status;
  });
}

export function podOf(record: RunRecord, { podName }: TaskRunRecord): PodRecord | undefined {
  return podName === undefined ? undefined : record.pods.get(podName);
}

/** Stage and variant alone, as reports know a step. */
export function refOf({ stage, variant }: StepRef): StepRef {
  return variant === undefined ? { stage } : { stage, variant };
}

function stepStatus(record: RunRecord, step: PlacedStep): StepStatus {
  const taskRun = [...record.taskRuns.values()].find(({ task }) => task === step.task);
  const progress =
    taskRun === undefined
      ? undefined
      : taskSteps(taskRun, podOf(record, taskRun)).find((each) => each.record.name === step.step);
  if (progress !== undefined) {
    const { record: _, ...known } = progress;
    return { ...refOf(step), ...known };
  }
  const isOver = taskRun === undefined ? willNotCome(record, step) : hasEnded(taskRun.condition);
  return { ...refOf(step), state: isOver ? 'skipped' : 'waiting' };
}

/** Tekton makes no more tasks of a run that is cancelled. */
function willNotCome({ pipelineRun }: RunRecord, { task }: PlacedStep): boolean {
  return (
    pipelineRun !== null && (pipelineRun.skipped.includes(task) || pipelineRun.wanted.startsWith('Cancelled'))
  );
}
