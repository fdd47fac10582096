import type { Blocked } from '../../core/pipeline/run-status.ts';
import { type Condition, hasEnded } from './condition.ts';
import type { RunRecord } from './run-record.ts';

/** Milliseconds that Tekton may take for something that it does at once. */
const PICK_UP_MS = 30_000;

/** Since when Tekton should have made a task of the run; null when it has, need not, or nobody knows. */
export function unbegunSince({ pipelineRun, taskRuns, customRuns }: RunRecord): Date | null {
  if (pipelineRun === null || taskRuns.size > 0 || customRuns.size > 0) return null;
  const { wanted, condition, hasChildren, startedAt, releasedAt } = pipelineRun;
  if (wanted !== '' || hasChildren || hasEnded(condition)) return null;
  return startedAt ?? releasedAt ?? null;
}

/** Tekton does nothing about the run, as when its controller is not running. */
export function blockedByTekton(record: RunRecord, now: Date): Blocked | undefined {
  const since = unbegunSince(record);
  if (since === null || now.getTime() - since.getTime() < PICK_UP_MS) return undefined;
  const detail =
    record.pipelineRun?.startedAt === undefined
      ? 'Tekton has not begun with the run since it was released'
      : 'Tekton has begun with the run, but has made no task of it';
  return { reason: 'NotPickedUp', detail };
}

/**
 * The end of a run that we ended before Tekton had begun with it, when Tekton says nothing of that either: it looks at a run's end before
 * anything else, so that none of it will ever run. Null for every other run.
 */
export function endWithoutTekton(
  { pipelineRun, taskRuns, customRuns }: RunRecord,
  now: Date,
): Condition | null {
  if (pipelineRun === null || taskRuns.size > 0 || customRuns.size > 0) return null;
  const { wanted, startedAt, hasChildren, remembered } = pipelineRun;
  if (wanted !== 'Cancelled' || startedAt !== undefined || hasChildren) return null;
  const at = remembered?.at ?? null;
  if (at === null || now.getTime() - at.getTime() < PICK_UP_MS) return null;
  return { status: 'False', reason: wanted, message: '', since: at };
}
