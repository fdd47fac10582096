import type { Clock, Log, LogStore } from '../app/ports.ts';
import type { RunName, StepRef } from '../core/pipeline/run.ts';
import { createHeldBytes } from './held-bytes.ts';
import { createKeepTrying } from './keep-trying.ts';
import { LIMIT_BYTES } from './log-limit.ts';
import { createLogPaths } from './log-paths.ts';
import { createPieceWriter, type PieceWriter, removeAll } from './piece-writer.ts';
import { listPieces, readParts } from './read-pieces.ts';
import { formatReport, parseReport } from './report-file.ts';
import type { Objects } from './s3-objects.ts';

export interface S3LogStoreOptions {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly log: Log;
  /** The most that one step's log may hold; 100 MB. */
  readonly limitBytes?: number;
  /** The most that may wait in memory, of all logs together; 32 MB. Who appends more is held back. */
  readonly heldBytes?: number;
  /** How long a stop waits for what is not stored yet; 4,000. */
  readonly graceMs?: number;
}

export interface S3LogStore extends LogStore {
  flush(name: RunName, step: StepRef): Promise<void>;
  /** Stores what waits, within the grace. */
  close(): Promise<void>;
}

/**
 * Keeps logs as `logs/<run>/<step>.log/<piece>` (see `pieceName`) and reports as `reports/<name>.json`. A piece is stored once a megabyte or some
 * seconds are together. While the store fails, lines wait in memory; once that is full, whoever appends waits too, so nothing is lost or
 * doubled. What waits is read like what is stored. Several servers may read a log that one of them writes.
 */
export function createS3LogStore(options: S3LogStoreOptions): S3LogStore {
  const { objects, clock, log, limitBytes = LIMIT_BYTES, heldBytes = 32_000_000, graceMs = 4_000 } = options;
  const paths = createLogPaths('.');
  const stop = new AbortController();
  const held = createHeldBytes(heldBytes);
  const keepTrying = createKeepTrying({ clock, log });
  const parts = { objects, clock, held, keepTrying, limitBytes, signal: stop.signal };
  const writers = new Map<string, PieceWriter>();
  const folderOf = (name: RunName, step: StepRef) => `${paths.stepLog(name, step)}/`;

  async function write(folder: string, work: (writer: PieceWriter) => Promise<void>): Promise<void> {
    const writer = writers.get(folder) ?? createPieceWriter(folder, parts);
    writers.set(folder, writer);
    await work(writer);
  }

  async function flush(folder: string): Promise<void> {
    const writer = writers.get(folder);
    if (writer === undefined) return;
    await writer.flush();
    if (writer.isIdle()) writers.delete(folder);
  }

  async function* read(folder: string, begin: number): AsyncGenerator<Uint8Array> {
    // Looked at first: what is stored in between is then in both, and read once.
    const waiting = writers.get(folder)?.held() ?? null;
    const stored = await listPieces(objects, folder);
    const end = waiting?.from ?? stored.bytes;
    yield* readParts(objects, stored.parts, { begin, end });
    for (const { offset, bytes } of waiting?.slices ?? []) {
      if (offset + bytes.length > begin) yield bytes.subarray(Math.max(0, begin - offset));
    }
  }

  return {
    append: (name, step, chunk) => write(folderOf(name, step), (writer) => writer.append(chunk)),
    flush: (name, step) => flush(folderOf(name, step)),
    reset: (name, step) => write(folderOf(name, step), (writer) => writer.reset()),
    read: (name, step, offset = 0) => read(folderOf(name, step), offset),
    async marks(name, step) {
      const folder = folderOf(name, step);
      const waiting = writers.get(folder)?.held() ?? null;
      const { marks } = await listPieces(objects, folder);
      const end = waiting?.from ?? Number.POSITIVE_INFINITY;
      const told = waiting?.slices.flatMap((slice) => slice.marks) ?? [];
      return [...marks.filter(({ offset }) => offset < end), ...told];
    },
    saveReport: (name, report) => objects.put(paths.report(name), Buffer.from(formatReport(report))),
    async report(name) {
      const bytes = await objects.get(paths.report(name));
      return bytes === null ? null : parseReport(Buffer.from(bytes).toString());
    },
    async remove(name) {
      const folder = `${paths.runDirectory(name)}/`;
      for (const [path, writer] of writers) {
        if (!path.startsWith(folder)) continue;
        writers.delete(path);
        await writer.drop();
      }
      await removeAll(objects, folder);
      await objects.delete([paths.report(name)]);
    },
    async close() {
      const enough = new AbortController();
      const grace = clock.sleep(graceMs, enough.signal).catch(() => {});
      await Promise.race([Promise.allSettled([...writers.keys()].map(flush)), grace]);
      enough.abort();
      if (held.count() > 0) log.warn({ bytes: held.count() }, 'logs were not stored before the stop');
      stop.abort(new Error('the log store is closed'));
      objects.close();
    },
  };
}
