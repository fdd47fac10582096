import type { Clock, Log } from '../app/ports.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import type { RunExecutor } from './run-executor.ts';
import { beginAnew } from './run-progress.ts';
import type { RunQueue } from './run-queue.ts';
import type { RunRegistry } from './run-registry.ts';
import type { RunStore } from './run-store.ts';
import type { Runtime } from './runtime.ts';
import { mayBeginAnew, onlyWaits, type StoredRun } from './stored-run.ts';

export interface RecoverRunsOptions {
  readonly directory: string;
  readonly store: RunStore;
  readonly registry: RunRegistry;
  readonly executor: RunExecutor;
  readonly queue: RunQueue;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Takes over what an earlier engine left in the directory: its steps are ended before anything else. The runs they belong
 * to begin anew, or are reported when they may not; runs that waited, for a slot or for turns, wait again.
 */
export async function recoverRuns(options: RecoverRunsOptions): Promise<void> {
  const { directory, store, registry, executor, queue, runtime, log } = options;
  const stored = await store.load();
  const left = stored.filter(isLeft);
  await Promise.all(
    left.flatMap(({ processes }) => processes).map((process) => runtime.endLeftover(process)),
  );
  await runtime.endLeftovers?.(directory);
  const runs = await Promise.all(
    stored.map((run) => (isLeft(run) && mayBeginAnew(run) ? resetRun(store, run) : run)),
  );
  for (const run of runs) {
    if (run.status.phase === 'pending') queue.add(run.name);
    registry.add(run);
  }
  const ended = runs.filter(isLeft);
  await Promise.all(ended.map((run) => executor.end(run.name, causeOf(run))));
  for (const run of runs) if (isBegun(run) && onlyWaits(run)) queue.resume(run.name);
  log.info({ runs: runs.length, left: left.length, ended: ended.length }, 'runs on disk are known');
}

function isBegun({ status }: StoredRun): boolean {
  return status.phase !== 'done' && status.phase !== 'pending';
}

/** Whether an engine was executing the run when it ended. */
function isLeft(run: StoredRun): boolean {
  return isBegun(run) && !onlyWaits(run);
}

/** Its folders first: a crash in between leaves a run that is taken up the same way. */
async function resetRun(store: RunStore, run: StoredRun): Promise<StoredRun> {
  await store.reset(run.name);
  const again = beginAnew(run);
  await store.save(again);
  return again;
}

function causeOf({ cancelled }: StoredRun): Cause {
  if (cancelled !== undefined) return { kind: 'cancelled', ...cancelled };
  const detail = 'the server stopped while the run was executed';
  // It began anew as often as it may.
  return { kind: 'infrastructure', reason: 'EngineRestarted', detail, retry: false };
}
