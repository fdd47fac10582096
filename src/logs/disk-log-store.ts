import { rm } from 'node:fs/promises';
import type { LogStore } from '../app/ports.ts';
import { explainDiskError } from './disk-error.ts';
import { appendToLog, readLog } from './log-file.ts';
import { LIMIT_BYTES } from './log-limit.ts';
import { createLogPaths } from './log-paths.ts';
import { createMarking, marksPath, readMarks } from './marks-file.ts';
import { readReport, writeReport } from './report-file.ts';
import { createWriteQueue } from './write-queue.ts';

export interface DiskLogStoreOptions {
  /** Made when it does not exist. */
  readonly directory: string;
  /** The most that one step's log may hold; 100 MB. */
  readonly limitBytes?: number;
}

export interface DiskLogStore extends LogStore {
  /** Resolves once everything that was accepted is written. */
  close(): Promise<void>;
}

/** Far below the 1,024 files that a process may usually have open. */
const WRITES_AT_ONCE = 32;

/**
 * Keeps logs as `<directory>/logs/<run>/<stage>[-<variant>].log` and reports as `<directory>/reports/<name>.json`. A log holds the
 * step's bytes and nothing else, so that any tool reads it; when its lines were written is beside it, in `.marks`. Files are open only while they are
 * written or read. A full disk or a missing permission rejects with a `UserError`.
 */
export function createDiskLogStore({
  directory,
  limitBytes = LIMIT_BYTES,
}: DiskLogStoreOptions): DiskLogStore {
  const paths = createLogPaths(directory);
  const writes = createWriteQueue(WRITES_AT_ONCE);
  const write = (name: string, work: () => Promise<void>) =>
    writes.add(name, () => explained(directory, work));

  const marking = createMarking();

  return {
    append: (name, step, { bytes, at }) =>
      write(name, async () => {
        const path = paths.stepLog(name, step);
        const appended = await appendToLog(path, bytes, limitBytes);
        if (appended !== null) await marking.appended(path, appended, at);
      }),
    reset: (name, step) =>
      write(name, async () => {
        const path = paths.stepLog(name, step);
        marking.forget(path);
        await rm(path, { force: true });
        await rm(marksPath(path), { force: true });
      }),
    marks: (name, step) => explained(directory, () => readMarks(marksPath(paths.stepLog(name, step)))),
    read: (name, step, offset = 0) => explainedRead(directory, readLog(paths.stepLog(name, step), offset)),
    saveReport: (name, report) => write(name, () => writeReport(paths.report(name), report)),
    report: (name) => explained(directory, () => readReport(paths.report(name))),
    remove: (name) =>
      write(name, async () => {
        await rm(paths.runDirectory(name), { recursive: true, force: true });
        await rm(paths.report(name), { force: true });
      }),
    close: () => writes.idle(),
  };
}

async function explained<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainDiskError(error, directory);
  }
}

async function* explainedRead(
  directory: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw explainDiskError(error, directory);
  }
}
