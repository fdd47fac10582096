import type { Clock, LogChunk } from '../app/ports.ts';
import type { PlacedStep, RunName, StepRef } from '../core/pipeline/run.ts';
import type { StepStatus } from '../core/pipeline/run-status.ts';
import { logPath, runPaths } from './run-paths.ts';
import type { RunRegistry } from './run-registry.ts';
import { followLog } from './step-log.ts';
import { stepId } from './stored-run.ts';

export interface ReadLogOptions {
  readonly directory: string;
  readonly registry: RunRegistry;
  readonly clock: Clock;
  readonly name: RunName;
  readonly step: StepRef;
  readonly signal: AbortSignal;
}

/** Follows a step's log from its beginning until the step has ended, or the reader goes; nothing for a step that is not there. */
export async function* readLog(options: ReadLogOptions): AsyncGenerator<LogChunk> {
  const { directory, registry, clock, name, step, signal } = options;
  const placed = registry
    .get(name)
    ?.steps.find((candidate) => candidate.stage === step.stage && candidate.variant === step.variant);
  if (placed === undefined) return;
  const chunks = followLog({
    path: logPath(runPaths(directory, name), stepId(placed)),
    endedAt: () => endedAt(registry, name, placed, clock),
    more: async () => {
      const state = statusOf(registry, name, placed)?.state ?? 'waiting';
      // Asked and listened for in one turn of the event loop, so no change falls in between.
      if (state === 'waiting') await registry.nextChange(name, signal);
      else if (state === 'running') await clock.sleep(POLL_EVERY, signal);
    },
    now: () => clock.now(),
  });
  try {
    for await (const chunk of chunks) {
      if (signal.aborted) return;
      yield chunk;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Milliseconds. */
const POLL_EVERY = 100;

function endedAt(registry: RunRegistry, name: RunName, placed: PlacedStep, clock: Clock): Date | null {
  if (registry.get(name) === undefined) return clock.now();
  const status = statusOf(registry, name, placed);
  if (status === undefined || status.state === 'waiting' || status.state === 'running') return null;
  return status.finishedAt ?? clock.now();
}

/** Undefined before the run's first step has started. */
function statusOf(registry: RunRegistry, name: RunName, placed: PlacedStep): StepStatus | undefined {
  const run = registry.get(name);
  if (run?.status.phase !== 'running' && run?.status.phase !== 'done') return undefined;
  return run.status.steps[run.steps.indexOf(placed)];
}
