import type { PlacedStep, StepRef } from '../core/pipeline/run.ts';
import type { Cause, RunStatus, StepStatus, Verdict } from '../core/pipeline/run-status.ts';
import type { ProcessRecord } from './runtime.ts';
import type { StoredRun } from './stored-run.ts';
import { stepId } from './stored-run.ts';

type DoneStatus = Extract<RunStatus, { phase: 'done' }>;

/** How a step ended. */
export interface StepEnd {
  readonly state: 'succeeded' | 'failed';
  /** Absent when it did not end by itself. */
  readonly exitCode?: number;
  /** The task goes on: `onError: continue`. */
  readonly continues: boolean;
}

/** The slot is ours; no step runs yet. */
export function begin(run: StoredRun, now: Date): StoredRun {
  return { ...run, status: { phase: 'starting', since: now } };
}

export function startStep(run: StoredRun, id: string, process: ProcessRecord | null, now: Date): StoredRun {
  const steps = mapSteps(run, (status, step) =>
    stepId(step) === id ? { ...status, state: 'running', startedAt: now } : status,
  );
  const processes = process === null ? run.processes : [...run.processes, { step: id, ...process }];
  return { ...run, processes, status: { phase: 'running', steps, turns: [] } };
}

/** Ends a step; when its task cannot go on, the steps after it in that task are skipped. */
export function endStep(run: StoredRun, id: string, end: StepEnd, now: Date): StoredRun {
  const task = run.steps.find((step) => stepId(step) === id)?.task;
  const stops = end.state === 'failed' && !end.continues;
  const steps = mapSteps(run, (status, step): StepStatus => {
    if (stepId(step) === id) {
      const exitCode = end.exitCode === undefined ? {} : { exitCode: end.exitCode };
      return { ...status, state: end.state, ...exitCode, finishedAt: now };
    }
    return stops && step.task === task && status.state === 'waiting'
      ? { ...status, state: 'skipped' }
      : status;
  });
  const processes = run.processes.filter(({ step }) => step !== id);
  return { ...run, processes, status: { phase: 'running', steps, turns: [] } };
}

/** The end of a run: without a cause it succeeded. What never ran is skipped, what still ran was ended. */
export function finish(
  run: StoredRun,
  cause: Cause | null,
  results: DoneStatus['results'],
  now: Date,
): StoredRun {
  const steps = mapSteps(run, (status): StepStatus => {
    if (status.state === 'running') return { ...status, state: 'failed', finishedAt: now };
    return status.state === 'waiting' ? { ...status, state: 'skipped' } : status;
  });
  return {
    ...run,
    processes: [],
    status: {
      phase: 'done',
      verdict: cause === null ? 'succeeded' : VERDICTS[cause.kind],
      ...(cause === null ? {} : { cause }),
      steps,
      results,
      finishedAt: now,
    },
  };
}

const VERDICTS: Record<Cause['kind'], Verdict> = {
  step: 'failed',
  timeout: 'timed-out',
  cancelled: 'cancelled',
  infrastructure: 'infrastructure',
};

/** Stage and variant alone, as reports know a step. */
export function refOf({ stage, variant }: StepRef): StepRef {
  return variant === undefined ? { stage } : { stage, variant };
}

function mapSteps(
  run: StoredRun,
  change: (status: StepStatus, step: PlacedStep) => StepStatus,
): readonly StepStatus[] {
  const { status } = run;
  const known = status.phase === 'running' || status.phase === 'done' ? status.steps : [];
  return run.steps.map((step, index) => change(known[index] ?? { ...refOf(step), state: 'waiting' }, step));
}
