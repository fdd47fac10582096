import type { Blocked, Cause, RunStatus, StepStatus, Verdict } from '../pipeline/run-status.ts';
import { elapsed } from './elapsed.ts';
import { infrastructureTitle } from './infrastructure-hint.ts';
import { stepLabel } from './step-label.ts';

/** The check's title: the state while a run goes on, its first cause when it failed; `failed` is what the failing step's tool calls it. */
export function runTitle(status: RunStatus, failed: string | null = null): string {
  switch (status.phase) {
    case 'pending':
      return status.ahead === 0 ? 'Queued' : `Queued, ${status.ahead} ahead`;
    case 'starting':
      return status.blocked === undefined ? 'Starting' : waitingTitle(status.blocked);
    case 'running':
      return runningTitle(status);
    case 'done':
      return status.cause === undefined
        ? doneTitle(status.verdict, status.steps)
        : causeTitle(status.cause, failed);
  }
}

type Running = Extract<RunStatus, { phase: 'running' }>;

/** Between two steps the next one counts as running, so that the title does not flicker. */
function runningTitle({ steps, turns, blocked }: Running): string {
  const running = steps.find(({ state }) => state === 'running');
  if (running === undefined && blocked !== undefined) return waitingTitle(blocked);
  if (running === undefined && turns.length > 0) return turnTitle(turns);
  const step = running ?? steps.find(({ state }) => state === 'waiting');
  if (step === undefined) return 'Running';
  return `Running ${stepLabel(step)} (${steps.indexOf(step) + 1} of ${steps.length})`;
}

function waitingTitle({ reason }: Blocked): string {
  return `Waiting: ${infrastructureTitle(reason)}`;
}

/** Where a deploy is approved a turn may wait for days. */
function turnTitle(turns: Running['turns']): string {
  return `Waiting for the turn of ${turns.map(({ target }) => `deploy ${target}`).join(' and ')}`;
}

const UNEXPLAINED: Readonly<Record<Exclude<Verdict, 'succeeded'>, string>> = {
  failed: 'Failed',
  cancelled: 'Cancelled',
  'timed-out': 'The run took too long',
  infrastructure: 'Infrastructure: the cause is not known',
};

function doneTitle(verdict: Verdict, steps: readonly StepStatus[]): string {
  if (verdict !== 'succeeded') return UNEXPLAINED[verdict];
  const started = steps.flatMap(({ startedAt }) => startedAt?.getTime() ?? []);
  const finished = steps.flatMap(({ finishedAt }) => finishedAt?.getTime() ?? []);
  if (started.length === 0 || finished.length === 0) return 'Succeeded';
  return `Succeeded in ${elapsed(new Date(Math.min(...started)), new Date(Math.max(...finished)))}`;
}

/** The first cause of a run that is not green. */
export function causeTitle(cause: Cause, failed: string | null = null): string {
  switch (cause.kind) {
    case 'step':
      if (cause.outOfMemory === true) return `${stepLabel(cause.step)} ran out of memory`;
      if (failed !== null) return `${stepLabel(cause.step)} failed: ${shortened(failed)}`;
      return `${stepLabel(cause.step)} failed with exit code ${cause.exitCode}`;
    case 'timeout':
      return cause.of === 'run' ? 'The run took too long' : `${stepLabel(cause.of)} took too long`;
    case 'cancelled':
      return `Cancelled by ${cause.by}: ${cause.why}`;
    case 'infrastructure':
      return `Infrastructure: ${infrastructureTitle(cause.reason)}`;
  }
}

/** GitHub shows some hundred characters of a title in one line. */
const NAME_LENGTH = 90;

/** One line, its middle left out where it is long: the end tells how many more there are. */
function shortened(name: string): string {
  const characters = [...name.replace(/\s+/g, ' ').replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '')];
  if (characters.length <= NAME_LENGTH) return characters.join('');
  return `${characters.slice(0, NAME_LENGTH - 16).join('')}…${characters.slice(-15).join('')}`;
}
