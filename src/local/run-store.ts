import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import PQueue from 'p-queue';
import type { Log, RunCredentials } from '../app/ports.ts';
import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { replaceDurably, syncDirectory, writeSynced } from './durable-file.ts';
import { removeTree } from './remove-tree.ts';
import { runPaths, runsDirectory } from './run-paths.ts';
import { gitSecret } from './secrets.ts';
import { formatStoredRun, parseStoredRun, type StoredRun } from './stored-run.ts';

/** Runs on disk: `<data>/runs/<name>/`. */
export interface RunStore {
  /** Every run there, in the order of submission. Half-written ones are removed with a warning. */
  load(): Promise<readonly StoredRun[]>;
  /** Resolves once the run survives a crash of the machine; rejects, and leaves nothing, when the disk refuses. */
  create(run: StoredRun, pipelineRun: PipelineRun, credentials: RunCredentials): Promise<void>;
  save(run: StoredRun): Promise<void>;
  /** Replaces the credentials of a run that has not taken them yet. */
  renew(name: RunName, credentials: RunCredentials): Promise<void>;
  readPipelineRun(name: RunName): Promise<PipelineRun>;
  /** Removes what only an unfinished run needs: its secrets, then its work directories. */
  clean(name: RunName): Promise<void>;
  /** Removes what the steps of a run made, their logs too. */
  reset(name: RunName): Promise<void>;
  remove(name: RunName): Promise<void>;
}

export interface RunStoreOptions {
  readonly directory: string;
  readonly log: Log;
  /** Work directories stay when a run ends; its secrets never do. */
  readonly keepWork: boolean;
  /** How the folders of steps are removed, where this user may not do it alone. */
  readonly removeTree?: ((path: string) => Promise<void>) | undefined;
}

export function createRunStore(options: RunStoreOptions): RunStore {
  const { directory } = options;
  return {
    load: () => loadAll(options),
    async create(run, pipelineRun, credentials) {
      const paths = runPaths(directory, run.name);
      try {
        await mkdir(paths.logs, { recursive: true, mode: 0o700 });
        await writeSynced(paths.pipelineRun, `${JSON.stringify(pipelineRun, null, 2)}\n`);
        if (credentials.git !== undefined) await writeGitSecret(paths.secrets, run.name, credentials.git);
        await replaceDurably(paths.state, formatStoredRun(run));
        await syncDirectory(dirname(paths.directory));
      } catch (error) {
        await removeTree(paths.directory).catch(() => {});
        throw error;
      }
    },
    async renew(name, { git }) {
      if (git !== undefined) await writeGitSecret(runPaths(directory, name).secrets, name, git);
    },
    save: (run) => replaceDurably(runPaths(directory, run.name).state, formatStoredRun(run)),
    async readPipelineRun(name) {
      const text = await readFile(runPaths(directory, name).pipelineRun, 'utf8');
      // Written by `create` from this very type.
      return JSON.parse(text) as PipelineRun;
    },
    clean: (name) => clean(options, name),
    async reset(name) {
      const { tasks, claims, logs } = runPaths(directory, name);
      for (const folder of [tasks, claims, logs]) await (options.removeTree ?? removeTree)(folder);
      await mkdir(logs, { mode: 0o700 });
    },
    async remove(name) {
      const paths = runPaths(directory, name);
      // First, so that what a crash leaves is no run any more.
      await rm(paths.state, { force: true });
      await removeTree(paths.directory);
    },
  };
}

async function writeGitSecret(
  secrets: string,
  name: RunName,
  git: NonNullable<RunCredentials['git']>,
): Promise<void> {
  const secret = gitSecret(name, git);
  const directory = join(secrets, secret.name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const [key, value] of Object.entries(secret.values)) await writeSynced(join(directory, key), value);
  await syncDirectory(directory);
}

/** Open files at once while everything is read. */
const READS = 32;

async function loadAll(options: RunStoreOptions): Promise<readonly StoredRun[]> {
  const { directory } = options;
  const runs = runsDirectory(directory);
  await mkdir(runs, { recursive: true, mode: 0o700 });
  const reads = new PQueue({ concurrency: READS });
  const names = await readdir(runs);
  const loaded = await reads.addAll(names.map((name) => () => load(options, name)));
  return loaded.filter((run) => run !== null).sort((one, other) => one.sequence - other.sequence);
}

async function load(options: RunStoreOptions, name: RunName): Promise<StoredRun | null> {
  const { directory, log } = options;
  const paths = runPaths(directory, name);
  const text = await readFile(paths.state, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });
  try {
    const run = parseStoredRun(text);
    if (run.status.phase === 'done') await clean(options, name);
    return run;
  } catch (error) {
    log.warn({ run: name, err: error }, 'removed a run that was not completely written');
    await removeTree(paths.directory);
    return null;
  }
}

async function clean(
  { directory, keepWork, removeTree: remove = removeTree }: RunStoreOptions,
  name: RunName,
): Promise<void> {
  const paths = runPaths(directory, name);
  await removeTree(paths.secrets);
  if (keepWork) return;
  await remove(paths.tasks);
  await remove(paths.claims);
}
