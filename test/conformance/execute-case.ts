import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineRun } from '../../src/core/pipeline/pipeline-run.ts';
import type { PlacedStep } from '../../src/core/pipeline/run.ts';
import type { RunStatus, StepStatus } from '../../src/core/pipeline/run-status.ts';
import { UserError } from '../../src/core/user-error.ts';
import { executeRun, type RunOutcome } from '../../src/local/execute-run.ts';
import { refuseByRuntime } from '../../src/local/refuse-by-runtime.ts';
import { logPath, runPaths } from '../../src/local/run-paths.ts';
import { answerTurn, begin, finish } from '../../src/local/run-progress.ts';
import { createRunRegistry } from '../../src/local/run-registry.ts';
import { createRunStore } from '../../src/local/run-store.ts';
import type { Runtime } from '../../src/local/runtime.ts';
import { openSecrets } from '../../src/local/secrets.ts';
import { stepId } from '../../src/local/stored-run.ts';
import { refuseUnsupported } from '../../src/local/supported-pipeline-run.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import { embeddedTasks } from '../../src/local/task-graph.ts';
import { eventually, recordingLog } from '../local/fixture.ts';
import type { Action, Given } from './read-case.ts';

export interface Executed {
  readonly refused: string | null;
  readonly verdict: string;
  /** By itself, in time. */
  readonly ended: boolean;
  readonly cause: RunOutcome['cause'];
  readonly steps: readonly (PlacedStep & { readonly status: StepStatus; readonly log: string })[];
  readonly results: Readonly<Record<string, string>>;
  /** Where the run's folders were, which are in what its steps print. */
  readonly tasks: string;
}

/** Executes a case with the engine's own parts, for so many milliseconds; every step stands for a stage, so that all are told of. */
export async function executeCase(
  directory: string,
  pipelineRun: PipelineRun,
  { given, runtime, within }: { given: Given; runtime: Runtime; within: number },
): Promise<Executed> {
  const paths = runPaths(directory, pipelineRun.metadata.name);
  const nothing = { steps: [], results: {}, tasks: paths.tasks, cause: null, ended: true };
  const steps = refusal(() => place(pipelineRun, runtime));
  if (!Array.isArray(steps)) return { ...nothing, refused: String(steps), verdict: 'refused' };
  await writeSecrets(directory, given);
  const log = recordingLog();
  const store = createRunStore({ directory, log, keepWork: true });
  const registry = createRunRegistry({ store, log, aheadOf: () => 0 });
  const { name } = pipelineRun.metadata;
  const status: RunStatus = { phase: 'pending', ahead: 0 };
  const stored = {
    ...{ name, sequence: 1, uid: randomUUID(), createdAt: new Date(), annotations: {}, steps, status },
    ...{ tasks: {}, turns: {}, processes: [], restarts: 0 },
  };
  await store.create(stored, pipelineRun, {});
  registry.add(begin(stored, new Date()));
  const stop = new AbortController();
  const kill = new AbortController();
  const outcome = executeRun({
    ...{ pipelineRun, paths, runtime, clock: systemClock, killAfter: 200 },
    secrets: await openSecrets(paths.secrets, join(directory, 'secrets')),
    slot: { leave: () => {}, enter: async () => true },
    stop: stop.signal,
    kill: kill.signal,
    run: () => registry.require(name),
    change: (update) => registry.change(name, update),
    nextChange: (signal) => registry.nextChange(name, signal),
  });
  // What it waits for may never come; the comparison tells then.
  act(given.actions, {
    async cancel() {
      stop.abort({ kind: 'cancelled', by: 'octocat', why: 'tired' });
    },
    answer: (task, go) => registry.change(name, (run) => answerTurn(run, run.turns[task]?.target ?? '', go)),
    waits: (task) => registry.require(name).turns[task] !== undefined,
    log: (task, step) => readFile(logPath(paths, stepId({ task, step })), 'utf8').catch(() => ''),
  }).catch(() => {});
  const late = setTimeout(() => {
    stop.abort(TOO_LATE);
    kill.abort();
  }, within);
  const { cause, results } = await outcome;
  clearTimeout(late);
  const done = finish(registry.require(name), cause, {}, new Date()).status;
  if (done.phase !== 'done') throw new Error('a run that has ended is done');
  return {
    refused: null,
    verdict: done.verdict,
    ended: !kill.signal.aborted,
    cause,
    steps: await Promise.all(
      steps.map(async (step, index) => ({
        ...step,
        status: done.steps[index]!,
        log: await readFile(logPath(paths, stepId(step)), 'utf8').catch(() => ''),
      })),
    ),
    results: Object.fromEntries(results),
    tasks: paths.tasks,
  };
}

const TOO_LATE = { kind: 'cancelled', by: 'the test', why: 'it does not end' } as const;

function refusal<T>(check: () => T): T | UserError {
  try {
    return check();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function place(pipelineRun: PipelineRun, runtime: Runtime): readonly PlacedStep[] {
  refuseUnsupported(pipelineRun);
  refuseByRuntime({ pipelineRun, steps: [] }, runtime);
  return embeddedTasks(pipelineRun).flatMap(({ name: task, taskSpec }) =>
    taskSpec.steps.map(({ name: step }) => ({
      ...{ stage: 'test' as const, variant: `${task}.${step}`, task, step },
    })),
  );
}

async function writeSecrets(directory: string, { secrets }: Given): Promise<void> {
  for (const [name, keys] of Object.entries(secrets)) {
    const folder = join(directory, 'secrets', name);
    await mkdir(folder, { recursive: true });
    for (const [key, value] of Object.entries(keys)) await writeFile(join(folder, key), value);
  }
}

interface Hands {
  cancel(): Promise<void>;
  answer(task: string, verdict: { go: 'yes' } | { go: 'no'; reason: string }): Promise<void>;
  waits(task: string): boolean;
  log(task: string, step: string): Promise<string>;
}

/** What somebody did to the run on the cluster, in order. */
async function act(actions: readonly Action[], hands: Hands): Promise<void> {
  for (const { after, patch, answer } of actions) {
    const { log } = after;
    const turn = after.turn ?? after.asked ?? '';
    if (log !== undefined)
      await eventually(async () => (await hands.log(log.task, log.step)).includes(log.text));
    else await eventually(() => hands.waits(turn));
    if (patch !== undefined) await hands.cancel();
    // Nobody but us answers our turns, so none fails.
    if (answer?.succeeded === 'True')
      await hands.answer(turn, answer.results.go === 'yes' ? { go: 'yes' } : { go: 'no', reason: 'no' });
  }
}
