import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import PQueue from 'p-queue';
import type { Log, RunCredentials } from '../app/ports.ts';
import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { replaceDurably, syncDirectory, writeSynced } from './durable-file.ts';
import { removeTree } from './remove-tree.ts';
import { runPaths, runsDirectory } from './run-paths.ts';
import { formatStoredRun, parseStoredRun, type StoredRun } from './stored-run.ts';

/** Runs on disk: `<data>/runs/<name>/`. */
export interface RunStore {
  /** Every run there, in the order of submission. Half-written ones are removed with a warning. */
  load(): Promise<readonly StoredRun[]>;
  /** Resolves once the run survives a crash of the machine; rejects, and leaves nothing, when the disk refuses. */
  create(run: StoredRun, pipelineRun: PipelineRun, credentials: RunCredentials): Promise<void>;
  save(run: StoredRun): Promise<void>;
  readPipelineRun(name: RunName): Promise<PipelineRun>;
  /** Removes what only an unfinished run needs: its secrets, then its work directories. */
  clean(name: RunName): Promise<void>;
  remove(name: RunName): Promise<void>;
}

export interface RunStoreOptions {
  readonly directory: string;
  readonly log: Log;
  /** Work directories stay when a run ends; its secrets never do. */
  readonly keepWork: boolean;
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
    save: (run) => replaceDurably(runPaths(directory, run.name).state, formatStoredRun(run)),
    async readPipelineRun(name) {
      const text = await readFile(runPaths(directory, name).pipelineRun, 'utf8');
      // Written by `create` from this very type.
      return JSON.parse(text) as PipelineRun;
    },
    clean: (name) => clean(options, name),
    async remove(name) {
      const paths = runPaths(directory, name);
      // First, so that what a crash leaves is no run any more.
      await rm(paths.state, { force: true });
      await removeTree(paths.directory);
    },
  };
}

/** In the form of the Secret that the tekton engine makes: `<run>-git` with the keys `url` and `token`. */
async function writeGitSecret(
  secrets: string,
  name: RunName,
  git: { readonly url: string; readonly token: string },
): Promise<void> {
  const secret = join(secrets, `${name}-git`);
  await mkdir(secret, { recursive: true, mode: 0o700 });
  await writeSynced(join(secret, 'url'), git.url);
  await writeSynced(join(secret, 'token'), git.token);
  await syncDirectory(secret);
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

async function clean({ directory, keepWork }: RunStoreOptions, name: RunName): Promise<void> {
  const paths = runPaths(directory, name);
  await removeTree(paths.secrets);
  if (!keepWork) await removeTree(paths.tasks);
}
