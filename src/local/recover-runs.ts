import type { Clock, Log } from '../app/ports.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import type { RunExecutor } from './run-executor.ts';
import type { RunQueue } from './run-queue.ts';
import type { RunRegistry } from './run-registry.ts';
import type { RunStore } from './run-store.ts';
import type { Runtime } from './runtime.ts';
import { isDone, type StoredRun } from './stored-run.ts';

export interface RecoverRunsOptions {
  readonly store: RunStore;
  readonly registry: RunRegistry;
  readonly executor: RunExecutor;
  readonly queue: RunQueue;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Takes over what an earlier engine left in the directory: its steps are ended before anything else, the runs they belong to are reported,
 * runs that waited wait again.
 */
export async function recoverRuns(options: RecoverRunsOptions): Promise<void> {
  const { store, registry, executor, queue, runtime, log } = options;
  const runs = await store.load();
  const begun = runs.filter((run) => !isDone(run) && run.status.phase !== 'pending');
  const left = begun.flatMap(({ processes }) => processes);
  await Promise.all(left.map((process) => runtime.endLeftover(process)));
  for (const run of runs) {
    if (run.status.phase === 'pending') queue.add(run.name);
    registry.add(run);
  }
  await Promise.all(begun.map((run) => executor.end(run.name, causeOf(run))));
  log.info({ runs: runs.length, ended: begun.length }, 'runs on disk are known');
}

function causeOf({ cancelled }: StoredRun): Cause {
  if (cancelled !== undefined) return { kind: 'cancelled', ...cancelled };
  const detail = 'the server stopped while the run was executed';
  return { kind: 'infrastructure', reason: 'EngineRestarted', detail, retry: true };
}
