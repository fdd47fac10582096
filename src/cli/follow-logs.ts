import type { Engine } from '../app/ports.ts';
import type { PlacedStep, Run } from '../core/pipeline/run.ts';
import { stepLabel } from '../core/report/step-label.ts';
import { createLogPrinter } from './log-printer.ts';
import { maskedLog } from './masked-log.ts';
import type { Channel } from './output.ts';

/** Where logs are printed, and without what. */
export interface Printing {
  readonly engine: Engine;
  readonly out: Channel;
  readonly secrets: readonly string[];
}

/** Prints the logs of a run's steps as they are written, until the last step has ended. */
export async function followLogs(run: Run, printing: Printing, signal: AbortSignal): Promise<void> {
  for (const tasks of tasksByTurn(run)) {
    const parallel = tasks.length > 1;
    await Promise.all(tasks.map((steps) => followTask(run, steps, { ...printing, signal, parallel })));
  }
}

interface Following extends Printing {
  readonly signal: AbortSignal;
  readonly parallel: boolean;
}

/** One step after the other: a log that is read late must not be mixed with the next step's. */
async function followTask(
  run: Run,
  steps: readonly PlacedStep[],
  { engine, out, secrets, signal, parallel }: Following,
): Promise<void> {
  for (const { stage, variant } of steps) {
    const step = variant === undefined ? { stage } : { stage, variant };
    const printer = createLogPrinter(out, { label: stepLabel(step), parallel });
    const log = maskedLog(engine, { name: run.name, step, secrets }, signal);
    for await (const text of log) printer.print(text);
    printer.end();
  }
}

/** The steps by task, and the tasks that run at the same time together: those as far behind the first by `runAfter`. */
function tasksByTurn({ pipelineRun, steps }: Run): PlacedStep[][][] {
  const { tasks } = pipelineRun.spec.pipelineSpec;
  const turnOf = new Map<string, number>();
  // The renderer names a task only after those that it runs after.
  for (const { name, runAfter = [] } of tasks) {
    turnOf.set(name, Math.max(0, ...runAfter.map((earlier) => (turnOf.get(earlier) ?? 0) + 1)));
  }
  const turns: PlacedStep[][][] = [];
  for (const [name, turn] of turnOf) {
    turns[turn] ??= [];
    turns[turn].push(steps.filter(({ task }) => task === name));
  }
  return turns;
}
