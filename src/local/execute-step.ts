import { appendFile } from 'node:fs/promises';
import type { TaskStep } from '../core/pipeline/pipeline-run.ts';
import type { StepRef } from '../core/pipeline/run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { computeResourcesOf, hostsOf } from './container-settings.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { causeOf, type Execution, refOfStep } from './execution.ts';
import { timeoutOf } from './go-duration.ts';
import { prepareContainer, withSecretWorkspaces } from './prepare-step.ts';
import type { PreparedTask } from './prepare-task.ts';
import { logPath } from './run-paths.ts';
import { endStep, startStep } from './run-progress.ts';
import type { RunningServices } from './run-services.ts';
import { guardLog } from './step-log.ts';
import { stepId } from './stored-run.ts';
import { messageShare, RESULTS_LIMIT, readResults } from './task-results.ts';

export interface StepInTask {
  readonly prepared: PreparedTask;
  /** With its text substituted. */
  readonly step: TaskStep;
  readonly services: RunningServices | null;
  /** The task begins again when it fails. */
  readonly retries: boolean;
  /** Ends the step; the reason is a `Cause`. */
  readonly stop: AbortSignal;
}

/** Runs one step and reports how it ended. Resolves with why its task cannot go on, null when it can. */
export async function executeStep(execution: Execution, inTask: StepInTask): Promise<Cause | null> {
  const { clock, change } = execution;
  const { prepared, step, retries } = inTask;
  const id = stepId({ task: prepared.task.name, step: step.name });
  const ref = refOfStep(execution, id);
  const limit = createDeadline({
    parent: inTask.stop,
    milliseconds: timeoutOf(step.timeout),
    reason: (): Cause => ({ kind: 'timeout', of: ref ?? 'run' }),
    clock,
  });
  try {
    const exitCode = await runStep(execution, { ...inTask, stop: limit.signal }, id);
    // The whole run's end is no reason to begin again.
    const whenFailed = retries && !execution.stop.aborted ? 'retry' : 'stop';
    if (limit.signal.aborted) {
      await change((run) => endStep(run, id, { state: 'failed', next: whenFailed }, clock.now()));
      return causeOf(limit.signal);
    }
    const goesOn = exitCode === 0 || step.onError === 'continue';
    const state = exitCode === 0 ? 'succeeded' : 'failed';
    const next = goesOn ? 'continue' : whenFailed;
    await change((run) => endStep(run, id, { state, exitCode, next }, clock.now()));
    return goesOn ? null : failureOf(ref, id, exitCode);
  } finally {
    limit.release();
  }
}

function failureOf(ref: StepRef | null, id: string, exitCode: number): Cause {
  if (ref !== null) return { kind: 'step', step: ref, exitCode };
  const detail = `the step ${id} exited with code ${exitCode}`;
  return { kind: 'infrastructure', reason: 'StepFailed', detail, retry: false };
}

async function runStep(execution: Execution, inTask: StepInTask, id: string): Promise<number> {
  const { runtime, clock, secrets, pipelineRun, change } = execution;
  const { prepared, step, services, stop } = inTask;
  const task = prepared.task.name;
  const logFile = logPath(execution.paths, id);
  const kill = killAfterStop(execution, stop);
  const guard = guardLog(logFile);
  try {
    const run = async (visible: PreparedTask['workspaces']) =>
      runtime.runStep({
        ...(await prepareContainer(step, prepared, { secrets, visible })),
        run: execution.run().name,
        task,
        resources: computeResourcesOf(pipelineRun, task, step),
        hosts: hostsOf(pipelineRun, task),
        logFile,
        ...(services === null ? {} : { network: services.network }),
        onProcess: (process) => change((stored) => startStep(stored, id, process, clock.now())),
        stop,
        kill: kill.signal,
      });
    const exitCode = await withSecretWorkspaces(step, prepared, { secrets, run });
    await services?.report(logFile);
    return exitCode === 0 ? await checkResults(prepared, logFile) : exitCode;
  } finally {
    kill.release();
    await guard.finish();
  }
}

/** Aborts with `Execution.kill`, and some time after the step was asked to end. */
function killAfterStop({ kill, killAfter, clock }: Execution, stop: AbortSignal): Deadline {
  const own = new AbortController();
  const released = new AbortController();
  const later = () => {
    clock.sleep(killAfter, released.signal).then(
      () => own.abort(),
      () => {},
    );
  };
  if (stop.aborted) later();
  else stop.addEventListener('abort', later, { once: true });
  return {
    signal: AbortSignal.any([kill, own.signal]),
    release() {
      stop.removeEventListener('abort', later);
      released.abort();
    },
  };
}

/** As Tekton's entrypoint: results that are too large or no files fail a step with code 1; those that get lost fail nothing. */
async function checkResults({ task, paths }: PreparedTask, logFile: string): Promise<number> {
  const names = (task.taskSpec.results ?? []).map(({ name }) => name);
  const { size, folder } = await readResults(paths.results, names);
  const share = messageShare(task.taskSpec);
  const say = (words: string) => appendFile(logFile, `tekton-ci: ${words}\n`);
  if (folder !== null) await say(`a folder is where the result ${folder} should be`);
  else if (size > RESULTS_LIMIT) await say(`the results of this task are larger than ${RESULTS_LIMIT} bytes`);
  else if (size > share)
    await say(`the results of this task are lost: with so many steps they may have ${share} bytes`);
  return folder !== null || size > RESULTS_LIMIT ? 1 : 0;
}
