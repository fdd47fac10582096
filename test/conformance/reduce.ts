import type { Executed } from './execute-case.ts';
import type { Recorded, RecordedStep } from './read-case.ts';

/** What must be the same, whoever executed the run. */
export interface Reduced {
  readonly verdict: string;
  /** By `<task>.<step>`; those that did not run are not here. */
  readonly steps: Readonly<Record<string, ReducedStep>>;
  readonly results: Readonly<Record<string, string>>;
}

/** What Tekton's entrypoint itself says, beside the output of the step. */
const TEKTONS_OWN = /^<time> /;

type ReducedStep = Pick<RecordedStep, 'exitCode' | 'values' | 'environment' | 'arguments' | 'log'>;

export function reduceRecorded(recorded: Recorded): Reduced {
  const { tasks = {}, results = {} } = recorded;
  const verdict = verdictOf(recorded);
  const steps = Object.entries(tasks).flatMap(([task, { steps: ofTask = {} }]) =>
    Object.entries(ofTask)
      .filter(([, { ran }]) => ran)
      .map(([step, { values = {}, environment = {}, arguments: args = [], log = '', exitCode }]) => [
        `${task}.${step}`,
        {
          ...(exitCode === undefined ? {} : { exitCode }),
          values,
          environment,
          arguments: args,
          log: linesOf(log)
            .filter((line) => !TEKTONS_OWN.test(line))
            .join(''),
        },
      ]),
  );
  const nothingRan = steps.length === 0 && verdict === 'failed';
  return { verdict: nothingRan ? 'refused' : verdict, steps: Object.fromEntries(steps), results };
}

/** A limit of a step or a task is told as such; Tekton's PipelineRun calls it a failure. */
function verdictOf({ verdict, tasks = {} }: Recorded): string {
  const timedOut = Object.values(tasks).some(
    ({ state, steps = {} }) =>
      state === 'timed-out' || Object.values(steps).some(({ reason }) => reason === 'TimeoutExceeded'),
  );
  return verdict === 'failed' && timedOut ? 'timed-out' : verdict;
}

/** A step that was ended has no exit code of its own, and its last words depend on when that was. */
export function withoutEnded(recorded: Reduced, executed: Reduced): Reduced {
  const steps = Object.entries(recorded.steps).map(([id, step]) => {
    const own = executed.steps[id];
    if (own === undefined || own.exitCode !== undefined) return [id, step];
    const { exitCode: _, ...rest } = step;
    return [id, { ...rest, log: own.log }];
  });
  return { ...recorded, steps: Object.fromEntries(steps) };
}

export function reduceExecuted(executed: Executed): Reduced {
  const steps = executed.steps
    .filter(({ status }) => status.startedAt !== undefined)
    .map(({ task, step, status, log }) => [
      `${task}.${step}`,
      {
        ...(status.exitCode === undefined ? {} : { exitCode: status.exitCode }),
        ...readOutput(log, executed.tasks, task),
      },
    ]);
  const failed = ['failed', 'infrastructure'].includes(executed.verdict);
  const verdict = failed ? (steps.length === 0 ? 'refused' : 'failed') : executed.verdict;
  return { verdict, steps: Object.fromEntries(steps), results: executed.results };
}

/** The lines that steps print of what they got: `value NAME base64`, `environment base64`, `arguments base64`. */
function readOutput(log: string, tasks: string, task: string): Omit<ReducedStep, 'exitCode'> {
  const values: Record<string, string> = {};
  let environment = {};
  let args: readonly string[] = [];
  let rest = '';
  for (const line of linesOf(log)) {
    const [word, name = '', last = ''] = line.trimEnd().split(' ');
    if (word === 'value') values[name] = decode(last, tasks, task);
    else if (word === 'environment')
      environment = Object.fromEntries(items(decode(name, tasks, task)).map(splitEntry));
    else if (word === 'arguments') args = items(decode(name, tasks, task));
    else if (!line.startsWith('tekton-ci: ')) rest += line;
  }
  return { values, environment, arguments: args, log: rest };
}

function linesOf(log: string): readonly string[] {
  return log.split(/(?<=\n)/);
}

function items(text: string): readonly string[] {
  return text.split('\0').slice(0, -1);
}

function splitEntry(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  return [entry.slice(0, at), entry.slice(at + 1)];
}

/** Tekton's places in place of ours. */
function decode(base64: string, tasks: string, task: string): string {
  return Buffer.from(base64, 'base64')
    .toString('utf8')
    .replaceAll(`${tasks}/${task}/workspaces`, '/workspace')
    .replaceAll(`${tasks}/${task}/results`, '/tekton/results');
}
