import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Clock, Log, RunCredentials } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { Cause, RunStatus } from '../core/pipeline/run-status.ts';
import { executeRun, type RunOutcome } from './execute-run.ts';
import { infrastructureCause } from './infrastructure-error.ts';
import { refuseByRuntime } from './refuse-by-runtime.ts';
import { runPaths } from './run-paths.ts';
import { begin, finish } from './run-progress.ts';
import type { RunSlot } from './run-queue.ts';
import type { RunRegistry } from './run-registry.ts';
import type { RunStore } from './run-store.ts';
import type { Runtime } from './runtime.ts';
import { gitSecret, openSecrets, type Secrets } from './secrets.ts';
import { mayBeginAnew, onlyWaits, type StoredRun } from './stored-run.ts';

export interface RunExecutorOptions {
  readonly directory: string;
  readonly store: RunStore;
  readonly registry: RunRegistry;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds between asking a step to end and ending it. */
  readonly killAfter: number;
}

/** The runs that are being executed now. */
export interface RunExecutor {
  /** Executes a run to its end, or goes on with one that has begun; resolves when its folders are gone. Never rejects. */
  start(name: RunName, slot: RunSlot): Promise<void>;
  /** Gives a run that is being executed new credentials for the steps to come. */
  renew(name: RunName, credentials: RunCredentials): Promise<void>;
  /** Ends a run that is being executed, for this reason. */
  stop(name: RunName, cause: Cause): void;
  /** Ends a run that is not; resolves when this is known, before its folders are gone. */
  end(name: RunName, cause: Cause): Promise<void>;
  /** Resolves when the run is not executed any more and its folders are gone. */
  ended(name: RunName): Promise<void>;
  /** Ends what all are doing, and those for this reason that the next engine cannot take up; resolves when that is known and, if it does not take long, their folders are gone. */
  stopAll(cause: Cause): Promise<void>;
  /** Ends every process of every step now; the runs end as failures of their steps, unless they are stopped. */
  killAll(): void;
}

/** Milliseconds until steps are ended that do not end by themselves when all have to. */
const KILL_ALL_AFTER = 7000;
/** Milliseconds until folders that are still being removed are left to the next start. */
const LEAVE_AFTER = 8000;

interface Active {
  readonly slot: RunSlot;
  readonly stop: AbortController;
  readonly kill: AbortController;
  /** Null when the run ends before they are opened. */
  readonly secrets: PromiseWithResolvers<Secrets | null>;
  /** Left as it is, for the next engine. */
  suspended: boolean;
}

export function createRunExecutor(options: RunExecutorOptions): RunExecutor {
  const active = new Map<RunName, Active>();
  const busy = new Map<RunName, Promise<void>>();

  function cleanAfter(name: RunName, reported: Promise<void>): Promise<void> {
    const cleaned = reported.then(() => clean(options, name)).finally(() => busy.delete(name));
    busy.set(name, cleaned);
    return cleaned;
  }

  function killAll(): void {
    for (const { kill } of active.values()) kill.abort();
  }

  return {
    start(name, slot) {
      const run: Active = {
        slot,
        stop: new AbortController(),
        kill: new AbortController(),
        secrets: Promise.withResolvers(),
        suspended: false,
      };
      active.set(name, run);
      const executed = execute(options, name, run).finally(() => {
        active.delete(name);
        run.secrets.resolve(null);
      });
      const ended = executed.then((outcome) =>
        run.suspended ? undefined : cleanAfter(name, report(options, name, outcome)),
      );
      busy.set(name, ended);
      return ended;
    },
    async renew(name, { git }) {
      const secrets = await active.get(name)?.secrets.promise;
      if (git !== undefined) secrets?.put(gitSecret(name, git));
    },
    stop: (name, cause) => active.get(name)?.stop.abort(cause),
    async end(name, cause) {
      const reported = report(options, name, { cause, results: new Map() });
      void cleanAfter(name, reported);
      await reported;
    },
    async ended(name) {
      await busy.get(name);
    },
    async stopAll(cause) {
      for (const [name, run] of active) {
        run.suspended = isForNextEngine(options.registry.require(name));
        run.stop.abort(cause);
      }
      const done = new AbortController();
      const { signal } = done;
      setTimeout(KILL_ALL_AFTER, undefined, { signal }).then(killAll, () => {});
      await Promise.race([
        Promise.all(busy.values()),
        setTimeout(LEAVE_AFTER, undefined, { signal }).catch(() => {}),
      ]);
      done.abort();
    },
    killAll,
  };
}

/** It goes on there, or begins anew. */
function isForNextEngine(run: StoredRun): boolean {
  return onlyWaits(run) || mayBeginAnew(run);
}

async function execute(options: RunExecutorOptions, name: RunName, active: Active): Promise<RunOutcome> {
  const { directory, store, registry, runtime, clock, killAfter } = options;
  const paths = runPaths(directory, name);
  try {
    await registry.change(name, (stored) =>
      stored.status.phase === 'pending' ? begin(stored, clock.now()) : stored,
    );
    const pipelineRun = await store.readPipelineRun(name);
    // It was taken in by an engine that may have had another runtime.
    refuseByRuntime({ pipelineRun, steps: registry.require(name).steps }, runtime);
    const secrets = await openSecrets(paths.secrets, join(directory, 'secrets'));
    active.secrets.resolve(secrets);
    return await executeRun({
      pipelineRun,
      paths,
      secrets,
      slot: active.slot,
      runtime,
      clock,
      killAfter,
      stop: active.stop.signal,
      kill: active.kill.signal,
      run: () => registry.require(name),
      change: async (update) => {
        if (!active.suspended) await registry.change(name, update);
      },
      nextChange: (signal) => registry.nextChange(name, signal),
    });
  } catch (error) {
    return { cause: infrastructureCause(error), results: new Map() };
  }
}

/** Makes the end of a run known; never rejects. */
async function report(options: RunExecutorOptions, name: RunName, outcome: RunOutcome): Promise<void> {
  const { registry, clock, log } = options;
  const now = clock.now();
  const end = (run: StoredRun) => finish(run, outcome.cause, imageResults(outcome.results), now);
  try {
    await registry.change(name, end);
  } catch {
    // A full disk, most likely: what the run leaves makes room.
    await clean(options, name);
    await registry.change(name, end).catch((error: unknown) => {
      log.error({ run: name, err: error }, 'the end of a run could not be written');
      // Its check must end all the same; the next start will find it unfinished and report it once more.
      registry.add(end(registry.require(name)));
    });
  }
  log.info({ run: name, cause: outcome.cause }, 'run ended');
}

/** Removes what only an unfinished run needs; never rejects. */
async function clean({ store, log }: RunExecutorOptions, name: RunName): Promise<void> {
  await store.clean(name).catch((error: unknown) => {
    log.error({ run: name, err: error }, 'the folders of a run could not be removed');
  });
}

function imageResults(
  results: ReadonlyMap<string, string>,
): Extract<RunStatus, { phase: 'done' }>['results'] {
  const imageUrl = results.get('IMAGE_URL');
  const imageDigest = results.get('IMAGE_DIGEST');
  return {
    ...(imageUrl === undefined ? {} : { imageUrl }),
    ...(imageDigest === undefined ? {} : { imageDigest }),
  };
}
