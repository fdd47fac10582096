import type { Replacements } from './substitution.ts';
import type { TaskOutcome } from './task-outcome.ts';

/** How tasks ended, by their names. */
export type Outcomes = ReadonlyMap<string, TaskOutcome>;

/** `tasks.<task>.results.<result>` of the tasks that have ended, also of those that failed; `finally` has its own word. */
export function resultValues(outcomes: Outcomes, word: 'tasks' | 'finally' = 'tasks'): Replacements {
  const values = new Map<string, string>();
  for (const [task, outcome] of outcomes) {
    if (outcome.state === 'skipped') continue;
    for (const [name, value] of Object.entries(outcome.results))
      values.set(`${word}.${task}.results.${name}`, value);
  }
  return values;
}

/** What tasks of `finally` may ask: https://tekton.dev/docs/pipelines/pipelines/#using-execution-status-of-pipelinetask */
export function statusValues(outcomes: Outcomes): Replacements {
  const values = new Map<string, string>();
  for (const [task, outcome] of outcomes) {
    values.set(`tasks.${task}.status`, STATUS[outcome.state]);
    values.set(`tasks.${task}.reason`, reasonOf(outcome));
  }
  const all = [...outcomes.values()];
  values.set('tasks.status', aggregate(all));
  return values;
}

const STATUS: Record<TaskOutcome['state'], string> = {
  succeeded: 'Succeeded',
  failed: 'Failed',
  skipped: 'None',
};

/** As Tekton calls the ends of its TaskRuns. */
function reasonOf(outcome: TaskOutcome): string {
  if (outcome.state !== 'failed') return STATUS[outcome.state];
  if (outcome.ignored) return 'FailureIgnored';
  const { cause } = outcome;
  if (cause.kind === 'infrastructure') return cause.reason;
  if (cause.kind === 'step') return 'StepFailed';
  // A run's end cancels its tasks.
  return cause.kind === 'timeout' && cause.of !== 'run' ? 'TaskRunTimeout' : 'TaskRunCancelled';
}

function aggregate(outcomes: readonly TaskOutcome[]): string {
  if (outcomes.some(({ state }) => state === 'failed')) return 'Failed';
  return outcomes.some(({ state }) => state === 'skipped') ? 'Completed' : 'Succeeded';
}
