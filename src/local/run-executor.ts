import { join } from 'node:path';
import type { Clock, Log } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { Cause, RunStatus } from '../core/pipeline/run-status.ts';
import { executeRun, infrastructureCause, type RunOutcome } from './execute-run.ts';
import { runPaths } from './run-paths.ts';
import { begin, finish } from './run-progress.ts';
import type { RunRegistry } from './run-registry.ts';
import type { RunStore } from './run-store.ts';
import type { Runtime } from './runtime.ts';
import { createSecrets } from './secrets.ts';

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
  /** Executes a run to its end; resolves when its folders are gone. Never rejects. */
  start(name: RunName): Promise<void>;
  /** Ends a run that is being executed, for this reason. */
  stop(name: RunName, cause: Cause): void;
  /** Ends a run that waits. */
  end(name: RunName, cause: Cause): Promise<void>;
  /** Resolves when the run is no longer being executed. */
  ended(name: RunName): Promise<void>;
  /** Ends all, at the latest after so many milliseconds. */
  stopAll(cause: Cause, within: number): Promise<void>;
  /** Ends every process of every step now; the runs end as failures of their steps, unless they are stopped. */
  killAll(): void;
}

interface Active {
  readonly stop: AbortController;
  readonly kill: AbortController;
  readonly ended: Promise<void>;
}

export function createRunExecutor(options: RunExecutorOptions): RunExecutor {
  const active = new Map<RunName, Active>();
  const killAll = () => {
    for (const { kill } of active.values()) kill.abort();
  };
  return {
    start(name) {
      const stop = new AbortController();
      const kill = new AbortController();
      const ended = run(options, name, { stop: stop.signal, kill: kill.signal }).finally(() =>
        active.delete(name),
      );
      active.set(name, { stop, kill, ended });
      return ended;
    },
    stop: (name, cause) => active.get(name)?.stop.abort(cause),
    end: (name, cause) => report(options, name, { cause, results: new Map() }),
    async ended(name) {
      await active.get(name)?.ended;
    },
    async stopAll(cause, within) {
      const all = [...active.values()];
      for (const { stop } of all) stop.abort(cause);
      const timer = setTimeout(killAll, within);
      await Promise.all(all.map(({ ended }) => ended));
      clearTimeout(timer);
    },
    killAll,
  };
}

async function run(
  options: RunExecutorOptions,
  name: RunName,
  signals: { readonly stop: AbortSignal; readonly kill: AbortSignal },
): Promise<void> {
  await report(options, name, await execute(options, name, signals));
}

async function execute(
  options: RunExecutorOptions,
  name: RunName,
  signals: { readonly stop: AbortSignal; readonly kill: AbortSignal },
): Promise<RunOutcome> {
  const { directory, store, registry, runtime, clock, killAfter } = options;
  const paths = runPaths(directory, name);
  try {
    await registry.change(name, (stored) => begin(stored, clock.now()));
    return await executeRun({
      pipelineRun: await store.readPipelineRun(name),
      paths,
      secrets: createSecrets([paths.secrets, join(directory, 'secrets')]),
      runtime,
      clock,
      killAfter,
      ...signals,
      run: () => registry.require(name),
      change: (update) => registry.change(name, update),
    });
  } catch (error) {
    return { cause: infrastructureCause(error), results: new Map() };
  }
}

/** Makes the end of a run known, then removes what it no longer needs. */
async function report(options: RunExecutorOptions, name: RunName, outcome: RunOutcome): Promise<void> {
  const { store, registry, clock, log } = options;
  const done = finish(registry.require(name), outcome.cause, imageResults(outcome.results), clock.now());
  const update = () => registry.change(name, (run) => ({ ...done, annotations: run.annotations }));
  const clean = () =>
    store.clean(name).catch((error: unknown) => {
      log.error({ run: name, err: error }, 'the folders of a run could not be removed');
    });
  try {
    await update();
  } catch {
    // A full disk, most likely: what the run leaves makes room.
    await clean();
    await update().catch((error: unknown) => {
      log.error({ run: name, err: error }, 'the end of a run could not be written');
      // Its check must end all the same; the next start will find it unfinished and report it once more.
      registry.add(done);
    });
  }
  log.info({ run: name, status: done.status }, 'run ended');
  await clean();
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
