import { once } from 'node:events';
import { join } from 'node:path';
import type { Clock, Engine, Log } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { lockDirectory } from './directory-lock.ts';
import { readLog } from './read-log.ts';
import { recoverRuns } from './recover-runs.ts';
import { createRunExecutor, type RunExecutor } from './run-executor.ts';
import { answerTurn } from './run-progress.ts';
import { createRunQueue, type RunQueue } from './run-queue.ts';
import { createRunRegistry, type RunRegistry } from './run-registry.ts';
import { createRunStore, type RunStore } from './run-store.ts';
import type { Runtime } from './runtime.ts';
import { readSecretValues } from './secrets.ts';
import { isDone } from './stored-run.ts';
import { createRunSubmitter, type RunSubmitter } from './submit-run.ts';
import { systemClock } from './system-clock.ts';

export interface LocalEngineOptions {
  /** Everything the engine keeps is below it; one engine at a time. */
  readonly directory: string;
  /** Runs at once. */
  readonly concurrency: number;
  /** Runs wait until they are released; false: each is released as soon as it is submitted. */
  readonly held?: boolean;
  readonly runtime: Runtime;
  readonly log: Log;
  readonly clock?: Clock;
  /** Milliseconds from asking a cancelled or timed-out step to end until it is ended; 10,000. */
  readonly killAfter?: number;
  /** Leaves the directories that steps worked in when a run has ended; false. */
  readonly keepWork?: boolean;
}

export interface LocalEngine extends Engine {
  /** Resolves when the runs on disk are known and what an earlier engine left running has ended; rejects when the directory cannot be used. */
  ready(): Promise<void>;
  /**
   * Takes no more runs and ends those that run, within 8 s, as an infrastructure failure to retry. Runs that wait stay for the next
   * engine. Resolves when all of it is durable.
   */
  close(): Promise<void>;
  /** Ends every process of every step at once, without waiting for anything; `close` still has to be called. */
  kill(): void;
}

/** Executes PipelineRuns on this machine; see `Engine` for what each call promises. */
export function createLocalEngine(options: LocalEngineOptions): LocalEngine {
  const parts = createParts(options);
  const { directory, registry, clock } = parts;
  const submitter = createRunSubmitter(parts);
  const started = start(parts);
  // Every call below reports a start that failed.
  started.catch(() => {});
  let closed: Promise<void> | undefined;

  return {
    ready: () => started.then(() => {}),
    async validate(run) {
      submitter.check(run);
    },
    async submit(run, credentials) {
      submitter.check(run);
      await started;
      if (closed !== undefined) throw new Error('The engine is closed');
      await submitter.submit(run, credentials);
    },
    async release(name) {
      await started;
      parts.queue.release(name);
    },
    async renew(name, credentials) {
      await started;
      // A run takes its secrets when it starts.
      if (registry.get(name)?.status.phase === 'pending') await parts.store.renew(name, credentials);
      await parts.executor.renew(name, credentials);
    },
    async watch(onChange, signal, onListed) {
      await started;
      registry.watch(onChange, signal);
      onListed?.();
      if (!signal.aborted) await once(signal, 'abort');
    },
    async annotate(name, annotations) {
      await started;
      await registry.change(name, (run) => ({ ...run, annotations: { ...run.annotations, ...annotations } }));
    },
    async answer(name, target, verdict) {
      await started;
      await registry.change(name, (run) => (isDone(run) ? run : answerTurn(run, target, verdict)));
    },
    async cancel(name, by, why) {
      await started;
      await cancel(parts, name, { by, why });
    },
    async *logs(name, step, signal) {
      await started;
      yield* readLog({ directory, registry, clock, name, step, signal });
    },
    async secretValues(name) {
      await started;
      return readSecretValues(join(directory, 'secrets'), await parts.store.readPipelineRun(name));
    },
    async remove(name) {
      await started;
      await remove(parts, name);
    },
    close() {
      closed ??= started.then(
        (unlock) => close(parts, submitter, unlock),
        () => {},
      );
      return closed;
    },
    kill: parts.executor.killAll,
  };
}

async function close(parts: Parts, submitter: RunSubmitter, unlock: () => Promise<void>): Promise<void> {
  parts.queue.stop();
  await submitter.settled();
  await parts.executor.stopAll(STOPPED);
  await parts.registry.settled();
  await unlock();
}

const STOPPED = {
  kind: 'infrastructure',
  reason: 'EngineStopped',
  detail: 'server stopped',
  retry: false,
} as const;

interface Parts {
  readonly directory: string;
  readonly store: RunStore;
  readonly registry: RunRegistry;
  readonly executor: RunExecutor;
  readonly queue: RunQueue;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
}

function createParts(options: LocalEngineOptions): Parts {
  const {
    directory,
    concurrency,
    held = false,
    runtime,
    log,
    clock = systemClock,
    killAfter = 10_000,
    keepWork = false,
  } = options;
  const store = createRunStore({ directory, log, keepWork, removeTree: runtime.removeTree });
  const registry: RunRegistry = createRunRegistry({ store, log, aheadOf: (name) => queue.ahead(name) });
  const executor = createRunExecutor({ directory, store, registry, runtime, clock, log, killAfter });
  const queue: RunQueue = createRunQueue({
    concurrency,
    held,
    start: executor.start,
    onMove: registry.announce,
  });
  return { directory, store, registry, executor, queue, runtime, clock, log };
}

/** Resolves with what gives the directory back. */
async function start(parts: Parts): Promise<() => Promise<void>> {
  const unlock = await lockDirectory(parts.directory);
  try {
    await recoverRuns(parts);
    return unlock;
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function cancel(
  { registry, executor, queue, log }: Parts,
  name: RunName,
  asked: { readonly by: string; readonly why: string },
): Promise<void> {
  const run = registry.get(name);
  if (run === undefined || isDone(run)) return;
  log.info({ run: name, by: asked.by }, 'run is cancelled');
  const cause = { kind: 'cancelled', ...asked } as const;
  if (queue.remove(name)) return executor.end(name, cause);
  // Written first: a server that dies meanwhile still knows it.
  await registry.change(name, (now) =>
    isDone(now) || now.cancelled !== undefined ? now : { ...now, cancelled: asked },
  );
  executor.stop(name, cause);
}

async function remove(parts: Parts, name: RunName): Promise<void> {
  const { registry, executor } = parts;
  if (registry.get(name) === undefined) return;
  await cancel(parts, name, { by: 'tekton-ci', why: 'the run is removed' });
  await executor.ended(name);
  await registry.remove(name);
}
