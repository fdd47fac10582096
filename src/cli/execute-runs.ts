import type { Engine } from '../app/ports.ts';
import type { Run } from '../core/pipeline/run.ts';
import type { RunStatus } from '../core/pipeline/run-status.ts';
import { runTitle } from '../core/report/run-title.ts';
import { followLogs } from './follow-logs.ts';
import type { Output } from './output.ts';
import type { PreparedRuns } from './prepare-runs.ts';
import type { RenderedProject } from './render-projects.ts';
import { stageTable } from './stage-table.ts';

export interface Surroundings {
  readonly engine: Engine;
  readonly output: Output;
  /** Aborted when the user wants an end. */
  readonly interrupted: AbortSignal;
}

type DoneStatus = Extract<RunStatus, { phase: 'done' }>;

/** Executes the runs one after the other and shows each as it goes. Resolves to true when all of them succeeded. */
export async function executeRuns(prepared: PreparedRuns, surroundings: Surroundings): Promise<boolean> {
  const { out } = surroundings.output;
  out.write(`${headline(prepared)}\n`);
  for (const note of prepared.snapshot.notes) out.write(`${out.paint('yellow', 'note:')} ${note}\n`);
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

function headline({ snapshot, ref }: PreparedRuns): string {
  const sha = snapshot.sha.slice(0, 7);
  const commit = snapshot.clean ? sha : `the working tree as it is (${sha})`;
  return `tekton-ci: ${ref.kind} ${ref.name}, ${commit}; on this machine, so images are not used`;
}

async function showProject(project: RenderedProject, surroundings: Surroundings): Promise<Outcome> {
  const { name, run, decisions, leftOut } = project;
  const { out } = surroundings.output;
  if (name !== '.') out.write(`\n${out.paint('bold', `project ${name}`)}\n`);
  if (run === null) {
    const title = decisions.join('; ');
    out.write(`${title}\n`);
    return { name, succeeded: true, title };
  }
  if (leftOut.length > 0) out.write(`${out.paint('yellow', 'note:')} not run here: ${leftOut.join(', ')}\n`);
  const status = await execute(run, surroundings);
  const succeeded = status.verdict === 'succeeded';
  const title = out.paint(succeeded ? 'green' : 'red', runTitle(status));
  if (status.steps.length > 0) out.write(`\n${stageTable(status.steps, out)}\n`);
  out.write(`\n${title}\n`);
  if (status.cause?.kind === 'infrastructure') out.write(`${status.cause.detail}\n`);
  return { name, succeeded, title };
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
      if (name === run.name && status.phase === 'done') done.resolve(status);
    }, stop.signal);
    watching.catch((error: unknown) => {
      if (!stop.signal.aborted) done.reject(error);
    });
    if (interrupted.aborted) cancel();
    else interrupted.addEventListener('abort', cancel, { once: true });
    const [status] = await Promise.all([done.promise, followLogs(run, engine, output.out, stop.signal)]);
    return status;
  } finally {
    interrupted.removeEventListener('abort', cancel);
    stop.abort();
  }
}
