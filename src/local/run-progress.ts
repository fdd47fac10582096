import type { TurnVerdict } from '../app/ports.ts';
import type { PlacedStep, StepRef } from '../core/pipeline/run.ts';
import type { Cause, RunStatus, StepStatus, Verdict } from '../core/pipeline/run-status.ts';
import type { ProcessRecord } from './runtime.ts';
import type { StoredRun } from './stored-run.ts';
import { stepId } from './stored-run.ts';
import type { TaskOutcome } from './task-outcome.ts';

type DoneStatus = Extract<RunStatus, { phase: 'done' }>;
type Blocked = NonNullable<Extract<RunStatus, { phase: 'starting' }>['blocked']>;

/** How a step ended. */
export interface StepEnd {
  readonly state: 'succeeded' | 'failed';
  /** Absent when it did not end by itself. */
  readonly exitCode?: number;
  /** What becomes of its task: it goes on, ends here, or begins again. */
  readonly next: 'continue' | 'stop' | 'retry';
}

/** The slot is ours; no step runs yet. */
export function begin(run: StoredRun, now: Date): StoredRun {
  return { ...run, startedAt: now, status: { phase: 'starting', since: now } };
}

/** Nothing has run: what an engine began and could not end is forgotten. */
export function beginAnew({ startedAt: _, ...run }: StoredRun): StoredRun {
  return {
    ...run,
    status: { phase: 'pending', ahead: 0 },
    tasks: {},
    turns: {},
    processes: [],
    restarts: run.restarts + 1,
  };
}

/** What keeps the run's first step from starting; it is forgotten when that starts. */
export function block(run: StoredRun, blocked: Blocked): StoredRun {
  return run.status.phase === 'starting' ? { ...run, status: { ...run.status, blocked } } : run;
}

/** The end of a task, or that it will not run: its waiting steps are skipped then. */
export function endTask(run: StoredRun, task: string, outcome: TaskOutcome): StoredRun {
  const ended = { ...run, tasks: { ...run.tasks, [task]: outcome } };
  if (outcome.state === 'succeeded' || run.status.phase !== 'running') return ended;
  return progress(ended, (status, step) =>
    step.task === task && status.state === 'waiting' ? { ...status, state: 'skipped' } : status,
  );
}

export function beginTurn(run: StoredRun, task: string, target: string, now: Date): StoredRun {
  // After a restart it waits on.
  const turn = run.turns[task] ?? { target, since: now };
  return progress({ ...run, turns: { ...run.turns, [task]: turn } }, (status) => status);
}

/** Answers the turns of a target that wait; others are left as they are. */
export function answerTurn(run: StoredRun, target: string, verdict: TurnVerdict): StoredRun {
  const waiting = Object.entries(run.turns).filter(
    ([, turn]) => turn.target === target && turn.verdict === undefined,
  );
  if (waiting.length === 0) return run;
  const answered = waiting.map(([task, turn]) => [task, { ...turn, verdict }] as const);
  return progress({ ...run, turns: { ...run.turns, ...Object.fromEntries(answered) } }, (status) => status);
}

export function startStep(run: StoredRun, id: string, process: ProcessRecord | null, now: Date): StoredRun {
  const processes = process === null ? run.processes : [...run.processes, { step: id, ...process }];
  const tasks = { ...run.tasks, [taskOf(id)]: { state: 'running' } as const };
  return progress({ ...run, processes, tasks }, (status, step) =>
    stepId(step) === id ? { ...status, state: 'running', startedAt: now } : status,
  );
}

/** Ends a step; when its task cannot go on, the steps after it in that task are skipped, or all wait again. */
export function endStep(run: StoredRun, id: string, end: StepEnd, now: Date): StoredRun {
  const task = taskOf(id);
  const processes = run.processes.filter(({ step }) => step !== id);
  return progress({ ...run, processes }, (status, step): StepStatus => {
    if (step.task !== task) return status;
    if (end.next === 'retry') return waiting(step);
    if (stepId(step) === id) {
      const exitCode = end.exitCode === undefined ? {} : { exitCode: end.exitCode };
      return { ...status, state: end.state, ...exitCode, finishedAt: now };
    }
    return end.next === 'stop' && status.state === 'waiting' ? { ...status, state: 'skipped' } : status;
  });
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

type ChangeStep = (status: StepStatus, step: PlacedStep) => StepStatus;

/** The run as one that runs, with its steps changed and the turns that still wait. */
function progress(run: StoredRun, change: ChangeStep): StoredRun {
  const turns = Object.values(run.turns)
    .filter(({ verdict }) => verdict === undefined)
    .map(({ target, since }) => ({ target, since }));
  return { ...run, status: { phase: 'running', steps: mapSteps(run, change), turns } };
}

function mapSteps(run: StoredRun, change: ChangeStep): readonly StepStatus[] {
  const { status } = run;
  const known = status.phase === 'running' || status.phase === 'done' ? status.steps : [];
  return run.steps.map((step, index) => change(known[index] ?? waiting(step), step));
}

function taskOf(stepId: string): string {
  return stepId.slice(0, stepId.indexOf('.'));
}

function waiting(step: PlacedStep): StepStatus {
  return { ...refOf(step), state: 'waiting' };
}
