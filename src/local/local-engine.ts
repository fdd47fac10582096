import { randomUUID } from 'node:crypto';
import { type Clock, type Engine, type Log, RunConflictError } from '../app/ports.ts';
import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { Run, RunName } from '../core/pipeline/run.ts';
import type { Cause } from '../core/pipeline/run-status.ts';
import { UserError } from '../core/user-error.ts';
import { lockDirectory } from './directory-lock.ts';
import { readLog } from './read-log.ts';
import { createRunExecutor, type RunExecutor } from './run-executor.ts';
import { finish } from './run-progress.ts';
import { createRunQueue, type RunQueue } from './run-queue.ts';
import { createRunRegistry, type RunRegistry } from './run-registry.ts';
import { createRunStore, type RunStore } from './run-store.ts';
import type { Runtime, StepToCheck } from './runtime.ts';
import { isDone, type StoredRun } from './stored-run.ts';
import { refuseUnsupported } from './supported-pipeline-run.ts';
import { systemClock } from './system-clock.ts';

export interface LocalEngineOptions {
  /** Everything the engine keeps is below it; one engine at a time. */
  readonly directory: string;
  /** Runs at once. */
  readonly concurrency: number;
  readonly runtime: Runtime;
  readonly log: Log;
  readonly clock?: Clock;
  /** Milliseconds from asking a cancelled or timed-out step to end until it is ended; 10,000. */
  readonly killAfter?: number;
}

export interface LocalEngine extends Engine {
  /** Resolves when the runs on disk are known and what an earlier engine left running has ended; rejects when the directory cannot be used. */
  ready(): Promise<void>;
  /**
   * Takes no more runs and ends those that run, within 8 s, as an infrastructure failure to retry. Runs that wait stay for the next
   * engine. Resolves when all of it is durable.
   */
  close(): Promise<void>;
}

/** Executes PipelineRuns on this machine; see `Engine` for what each call promises. */
export function createLocalEngine(options: LocalEngineOptions): LocalEngine {
  const { directory, concurrency, runtime, log, clock = systemClock, killAfter = 10_000 } = options;
  const store = createRunStore(directory, log);
  const registry: RunRegistry = createRunRegistry({ store, log, aheadOf: (name) => queue.ahead(name) });
  const executor = createRunExecutor({ directory, store, registry, runtime, clock, log, killAfter });
  const queue: RunQueue = createRunQueue({
    concurrency,
    start: executor.start,
    onMove: registry.announce,
  });
  const parts: Parts = { options, store, registry, executor, queue, clock };
  const submitter = createSubmitter(parts);
  const started = start(parts, submitter);
  // Every call below reports a start that failed.
  started.catch(() => {});
  let closed: Promise<void> | undefined;

  return {
    async ready() {
      await started;
    },
    async submit(run, credentials) {
      refuse(run, runtime);
      await started;
      if (closed !== undefined) throw new Error('The engine is closed');
      await submitter.submit(run, credentials);
    },
    async watch(onChange, signal) {
      await started;
      registry.watch(onChange, signal);
      if (!signal.aborted) await once(signal, 'abort');
    },
    async annotate(name, annotations) {
      await started;
      await registry.change(name, (run) => ({ ...run, annotations: { ...run.annotations, ...annotations } }));
    },
    async cancel(name, by, why) {
      await started;
      await cancel(parts, name, { by, why });
    },
    async *logs(name, step, signal) {
      await started;
      yield* readLog({ directory, registry, clock, name, step, signal });
    },
    async remove(name) {
      await started;
      await remove(parts, name);
    },
    close() {
      closed ??= close(parts, submitter, started);
      return closed;
    },
  };
}
