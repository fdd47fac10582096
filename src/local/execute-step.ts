import { appendFile } from 'node:fs/promises';
import type { PipelineTask, TaskStep } from '../core/pipeline/pipeline-run.ts';
import type { StepRef } from '../core/pipeline/run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { causeOf, type Execution } from './execution.ts';
import { parseGoDuration } from './go-duration.ts';
import { prepareStep, withSecretWorkspaces } from './prepare-step.ts';
import { logPath, type TaskPaths } from './run-paths.ts';
import { endStep, refOf, startStep } from './run-progress.ts';
import { guardLog } from './step-log.ts';
import { stepId } from './stored-run.ts';
import { RESULTS_LIMIT, readResults } from './task-results.ts';

export interface StepInTask {
  readonly task: PipelineTask;
  /** With its text substituted. */
  readonly step: TaskStep;
  readonly paths: TaskPaths;
  /** Ends the step; the reason is a `Cause`. */
  readonly stop: AbortSignal;
}

/** Runs one step and reports how it ended. Resolves with whether its task goes on. */
export async function executeStep(execution: Execution, inTask: StepInTask): Promise<boolean> {
  const { clock, change, fail } = execution;
  const { task, step } = inTask;
  const id = stepId({ task: task.name, step: step.name });
  const ref = refOfStep(execution, id);
  const limit = createDeadline({
    parent: inTask.stop,
    milliseconds: timeoutOf(step.timeout),
    reason: (): Cause => ({ kind: 'timeout', of: ref ?? 'run' }),
    clock,
  });
  try {
    const exitCode = await runStep(execution, { ...inTask, stop: limit.signal }, id);
    if (limit.signal.aborted) {
      fail(causeOf(limit.signal));
      await change((run) => endStep(run, id, { state: 'failed', continues: false }, clock.now()));
      return false;
    }
    const succeeded = exitCode === 0;
    const continues = step.onError === 'continue';
    if (!succeeded && !continues) fail(failureOf(ref, id, exitCode));
    const state = succeeded ? 'succeeded' : 'failed';
    await change((run) => endStep(run, id, { state, exitCode, continues }, clock.now()));
    return succeeded || continues;
  } finally {
    limit.release();
  }
}

/** Milliseconds; null when there is no limit, which `0` also means. */
export function timeoutOf(duration: string | undefined): number | null {
  return (duration === undefined ? 0 : parseGoDuration(duration)) || null;
}

/** The step as reports know it; null when it stands for no stage. */
export function refOfStep(execution: Execution, id: string): StepRef | null {
  const placed = execution.run().steps.find((step) => stepId(step) === id);
  return placed === undefined ? null : refOf(placed);
}

function failureOf(ref: StepRef | null, id: string, exitCode: number): Cause {
  if (ref !== null) return { kind: 'step', step: ref, exitCode };
  const detail = `the step ${id} exited with code ${exitCode}`;
  return { kind: 'infrastructure', reason: 'StepFailed', detail, retry: false };
}

async function runStep(execution: Execution, inTask: StepInTask, id: string): Promise<number> {
  const { runtime, clock, secrets, pipelineRun, change } = execution;
  const { task, step, paths, stop } = inTask;
  const bindings = pipelineRun.spec.workspaces ?? [];
  const logFile = logPath(execution.paths, id);
  const kill = killAfterStop(execution, stop);
  const guard = guardLog(logFile);
  try {
    const exitCode = await withSecretWorkspaces({ task, step, bindings, paths, secrets }, async () =>
      runtime.runStep({
        ...(await prepareStep(step, paths, secrets)),
        logFile,
        onProcess: (process) => change((run) => startStep(run, id, process, clock.now())),
        stop,
        kill: kill.signal,
      }),
    );
    return exitCode === 0 ? await checkResults(task, paths, logFile) : exitCode;
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

/** Tekton's entrypoint fails a step after which the results are too large, with code 1. */
async function checkResults(task: PipelineTask, paths: TaskPaths, logFile: string): Promise<number> {
  const names = (task.taskSpec.results ?? []).map(({ name }) => name);
  if ((await readResults(paths.results, names)) !== null) return 0;
  await appendFile(logFile, `tekton-ci: the results of this task are larger than ${RESULTS_LIMIT} bytes\n`);
  return 1;
}
