import type { Cause, RunStatus, StepStatus } from '../pipeline/run-status.ts';
import { elapsed } from './elapsed.ts';
import { stepLabel } from './step-label.ts';

/** The check's title: the state while a run goes on, its first cause when it failed. */
export function runTitle(status: RunStatus): string {
  switch (status.phase) {
    case 'pending':
      return status.ahead === 0 ? 'Queued' : `Queued, ${status.ahead} ahead`;
    case 'starting':
      return status.blocked === undefined ? 'Starting' : `Waiting: ${status.blocked.reason}`;
    case 'running':
      return runningTitle(status.steps);
    case 'done':
      return status.cause === undefined ? doneTitle(status.steps) : causeTitle(status.cause);
  }
}

function runningTitle(steps: readonly StepStatus[]): string {
  const current = steps.findIndex(({ state }) => state === 'running');
  const step = steps[current];
  return step === undefined ? 'Running' : `Running ${stepLabel(step)} (${current + 1} of ${steps.length})`;
}

function doneTitle(steps: readonly StepStatus[]): string {
  const started = steps.flatMap(({ startedAt }) => startedAt?.getTime() ?? []);
  const finished = steps.flatMap(({ finishedAt }) => finishedAt?.getTime() ?? []);
  if (started.length === 0 || finished.length === 0) return 'Succeeded';
  return `Succeeded in ${elapsed(new Date(Math.min(...started)), new Date(Math.max(...finished)))}`;
}

function causeTitle(cause: Cause): string {
  switch (cause.kind) {
    case 'step':
      return `${stepLabel(cause.step)} failed with exit code ${cause.exitCode}`;
    case 'timeout':
      return cause.of === 'run' ? 'The run took too long' : `${stepLabel(cause.of)} took too long`;
    case 'cancelled':
      return `Cancelled by ${cause.by}: ${cause.why}`;
    case 'infrastructure':
      return `Infrastructure: ${cause.reason}`;
  }
}
