import type { TurnVerdict } from '../app/ports.ts';
import type { CustomTask } from '../core/pipeline/pipeline-run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { createDeadline, left } from './deadline.ts';
import { causeOf, type Execution } from './execution.ts';
import { ownTimeout } from './run-limits.ts';
import { beginTurn, refOf } from './run-progress.ts';
import { targetOf } from './task-graph.ts';
import type { TaskOutcome } from './task-outcome.ts';

export interface TurnToExecute {
  /** With its text substituted. */
  readonly task: CustomTask;
  /** Ends the wait; the reason is a `Cause`. */
  readonly stop: AbortSignal;
}

/** Waits until the turn is answered. Its results are `go`, and with `no` the `reason`. */
export async function executeTurn(execution: Execution, { task, stop }: TurnToExecute): Promise<TaskOutcome> {
  const { clock, change, run } = execution;
  const target = targetOf(task) ?? '';
  await change((stored) => beginTurn(stored, task.name, target, clock.now()));
  const { since = clock.now() } = run().turns[task.name] ?? {};
  const limit = createDeadline({
    parent: stop,
    milliseconds: left(ownTimeout(task), since, clock.now()),
    reason: (): Cause => ({ kind: 'timeout', of: deployOf(execution, target) ?? 'run' }),
    clock,
  });
  try {
    for (;;) {
      const verdict = run().turns[task.name]?.verdict;
      if (verdict !== undefined) return { state: 'succeeded', results: resultsOf(verdict) };
      if (limit.signal.aborted) break;
      await execution.nextChange(limit.signal).catch(() => {});
    }
    return { state: 'failed', cause: causeOf(limit.signal), results: {}, ignored: false };
  } finally {
    limit.release();
  }
}

function resultsOf(verdict: TurnVerdict): Record<string, string> {
  return verdict.go === 'yes' ? { go: 'yes' } : { go: 'no', reason: verdict.reason };
}

/** The stage that waits for the turn. */
function deployOf(execution: Execution, target: string) {
  const step = execution.run().steps.find(({ stage, variant }) => stage === 'deploy' && variant === target);
  return step === undefined ? null : refOf(step);
}
