import type { StepRef } from '../core/pipeline/run.ts';
import type { StepState } from '../core/pipeline/run-status.ts';
import type { StepPlace } from './follow-log.ts';
import type { RunEntry } from './run-entry.ts';
import { runStatus } from './status/run-status.ts';

/** Where a step's log is now; null when the run or the step is not known. */
export function stepPlace(
  entry: RunEntry | undefined,
  { stage, variant }: StepRef,
  now: Date,
): StepPlace | null {
  if (entry?.own == null) return null;
  const { namespace, own, record } = entry;
  const placed = own.steps.find((step) => step.stage === stage && step.variant === variant);
  if (placed === undefined) return null;
  const taskRun = [...record.taskRuns.values()].find(({ task }) => task === placed.task);
  return {
    namespace,
    pod: taskRun?.podName ?? null,
    container: `step-${placed.step}`,
    state: stateOf(entry, own.steps.indexOf(placed), now),
  };
}

function stateOf({ record, own }: RunEntry, index: number, now: Date): StepState {
  const status = runStatus(record, { steps: own?.steps ?? [], ahead: 0, now });
  if (status === null || !('steps' in status)) return 'waiting';
  return status.steps[index]?.state ?? 'skipped';
}
