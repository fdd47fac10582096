import type { Engine } from '../app/ports.ts';
import type { Run } from '../core/pipeline/run.ts';
import type { RunStatus } from '../core/pipeline/run-status.ts';
import { failureName } from '../core/report/failure-card.ts';
import { culprit } from '../core/report/run-summary.ts';
import { runTitle } from '../core/report/run-title.ts';
import { stepLabel } from '../core/report/step-label.ts';
import { followLogs } from './follow-logs.ts';
import { headline } from './headline.ts';
import { secretsOf } from './masked-log.ts';
import type { Channel, Output } from './output.ts';
import type { PreparedRuns } from './prepare-runs.ts';
import { printFailure, readStepFailure } from './print-failure.ts';
import type { RenderedProject } from './render-projects.ts';
import { stageTable } from './stage-table.ts';

export interface Surroundings {
  readonly engine: Engine;
  readonly output: Output;
  /** Aborted when the user wants an end. */
  readonly interrupted: AbortSignal;
}

type DoneStatus = Extract<RunStatus, { phase: 'done' }>;

/**
 * Executes the runs one after the other and shows each as it goes. Resolves to true when all of them succeeded; rejects with a
 * `UserError` before anything runs when the engine cannot execute one of them.
 */
export async function executeRuns(prepared: PreparedRuns, surroundings: Surroundings): Promise<boolean> {
  for (const { run } of prepared.rendered) {
    if (run !== null) await surroundings.engine.validate(run);
  }
  const { out } = surroundings.output;
  out.write(`${headline(prepared)}\n`);
  printNotes(prepared.snapshot.notes, out);
  const outcomes: Outcome[] = [];
  for (const project of prepared.rendered) {
    if (surroundings.interrupted.aborted) break;
    outcomes.push(await showProject(project, surroundings));
  }
  if (prepared.rendered.length > 1) {
    out.write(`\n${outcomes.map(({ name, title }) => `${name}: ${title}`).join('\n')}\n`);
  }
  return outcomes.every(({ succeeded }) => succeeded);
}

interface Outcome {
  readonly name: string;
  readonly succeeded: boolean;
  readonly title: string;
}

async function showProject(project: RenderedProject, surroundings: Surroundings): Promise<Outcome> {
  const { name, run, reason, notes } = project;
  const { out } = surroundings.output;
  if (name !== '.') out.write(`\n${out.paint('bold', `project ${name}`)}\n`);
  printNotes(notes, out);
  if (run === null) {
    printShown(project, out);
    out.write(`${reason}\n`);
    return { name, succeeded: true, title: reason };
  }
  const status = await execute(run, surroundings);
  const succeeded = status.verdict === 'succeeded';
  const failed = culprit(status);
  const failure = failed && (await readStepFailure(surroundings.engine, run.name, failed));
  const title = out.paint(succeeded ? 'green' : 'red', runTitle(status, failure && failureName(failure)));
  if (failure !== null) printFailure(failure, out);
  if (status.steps.length > 0) out.write(`\n${stageTable(status.steps, out)}\n`);
  if (succeeded) printShown(project, out);
  out.write(`\n${title}\n`);
  if (status.cause?.kind === 'infrastructure') out.write(`${status.cause.detail}\n`);
  return { name, succeeded, title };
}

function printNotes(notes: readonly string[], out: Channel): void {
  for (const note of notes) out.write(`${out.paint('yellow', 'note:')} ${note}\n`);
}

function printShown({ shown }: RenderedProject, out: Channel): void {
  for (const step of shown) {
    out.write(`\n${out.paint('bold', stepLabel(step))}: ${out.paint('yellow', step.because)}\n`);
    for (const line of step.would) out.write(`  ${line}\n`);
  }
}

/** Submits a run, copies its log while it goes on and resolves with how it ended. */
async function execute(run: Run, { engine, output, interrupted }: Surroundings): Promise<DoneStatus> {
  const stop = new AbortController();
  const done = Promise.withResolvers<DoneStatus>();
  const cancel = () => {
    engine.cancel(run.name, 'you', String(interrupted.reason)).catch(done.reject);
  };
  try {
    await engine.submit(run, {});
    const watching = engine.watch(({ name, status }) => {
      if (name !== run.name) return;
      if (status.phase === 'done') done.resolve(status);
      if (status.phase === 'running') takeTurns(run, status.turns, engine).catch(done.reject);
    }, stop.signal);
    watching.catch((error: unknown) => {
      if (!stop.signal.aborted) done.reject(error);
    });
    if (interrupted.aborted) cancel();
    else interrupted.addEventListener('abort', cancel, { once: true });
    const printing = { engine, out: output.out, secrets: await secretsOf(engine, run.name) };
    const [status] = await Promise.all([done.promise, followLogs(run, printing, stop.signal)]);
    return status;
  } finally {
    interrupted.removeEventListener('abort', cancel);
    stop.abort();
  }
}

/** Nobody else deploys from here, and whoever said `--yes` has approved. An answer that is given again changes nothing. */
async function takeTurns(
  run: Run,
  turns: readonly { readonly target: string }[],
  engine: Engine,
): Promise<void> {
  for (const { target } of turns) await engine.answer(run.name, target, { go: 'yes' });
}
