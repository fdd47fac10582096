import type { Clock, LogChunk } from '../app/ports.ts';
import { type LogMark, type MarkedLog, markBytes, UNMARKED } from '../core/log-marks.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { KeepTrying } from './keep-trying.ts';
import { withinLimit } from './log-limit.ts';
import { MOST_MARKS, pieceName } from './log-piece.ts';
import { markedLog } from './read-pieces.ts';
import type { Objects } from './s3-objects.ts';

export interface PieceWriterOptions {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly held: HeldBytes;
  readonly keepTrying: KeepTrying;
  /** The most that the log may hold. */
  readonly limitBytes: number;
  /** Nothing is stored any more. */
  readonly signal: AbortSignal;
}

/** A part of a log that waits in memory. */
export interface HeldSlice {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly marks: readonly LogMark[];
}

/** Stores one log, piece by piece, in order. */
export interface PieceWriter {
  /** Resolves once the bytes are taken and there is room for more; they are stored a little later. */
  append(chunk: LogChunk): Promise<void>;
  /** Resolves once all that was taken is stored. */
  flush(): Promise<void>;
  /** Forgets what waits, and removes what is stored. */
  reset(): Promise<void>;
  /** Forgets what waits; resolves once nothing is being stored. */
  drop(): Promise<void>;
  /** What waits, and the offset that it begins at: before it all is stored. Null while that is not known. */
  held(): { readonly from: number; readonly slices: readonly HeldSlice[] } | null;
  isIdle(): boolean;
}

/** Bytes of a piece, about; requests cost as much whatever they bring. */
const PIECE_BYTES = 1024 * 1024;
const SLICE_BYTES = 64 * 1024;
/** How long bytes wait for others: a thirtieth of how long the log has been written to, so that one of an hour has 300 pieces, not 1,800. */
const WAIT_MS = { least: 2_000, most: 15_000, part: 30 };

/** `folder` is that of the log's pieces, and ends with a slash. */
export function createPieceWriter(folder: string, options: PieceWriterOptions): PieceWriter {
  const { objects, clock, held: memory, keepTrying, limitBytes, signal } = options;
  const begunAt = clock.now().getTime();
  /** Of what is stored and what waits; null until it was looked at. */
  let log: MarkedLog | null = null;
  let slices: HeldSlice[] = [];
  let waiting = 0;
  let storing: Promise<void> | null = null;
  let hurry = new AbortController();
  let dropped = new AbortController();
  let tasks = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other, in the order they were asked for. */
  function inOrder<T>(task: () => Promise<T>): Promise<T> {
    tasks += 1;
    const result = last.then(task).finally(() => {
      tasks -= 1;
    });
    last = result.catch(() => {});
    return result;
  }

  function take({ bytes, at }: LogChunk, known: MarkedLog): MarkedLog {
    if (known.bytes > limitBytes || bytes.length === 0) return known;
    const kept = withinLimit(bytes, limitBytes - known.bytes, limitBytes);
    let next = known;
    for (let start = 0; start < kept.length; start += SLICE_BYTES) {
      // A copy of its own: a small part of a large buffer would keep all of it.
      const slice = Uint8Array.from(kept.subarray(start, start + SLICE_BYTES));
      const marked = markBytes(next, slice, at);
      slices.push({ offset: next.bytes, bytes: slice, marks: marked.marks });
      next = marked.log;
    }
    waiting += kept.length;
    memory.add(kept.length);
    return next;
  }

  async function store(): Promise<void> {
    while (slices.length > 0) {
      if (waiting < PIECE_BYTES) await clock.sleep(waitMs(), hurry.signal).catch(() => {});
      hurry = new AbortController();
      for (let rest = waiting; rest > 0 && slices.length > 0; ) rest -= await storePiece();
    }
  }

  function waitMs(): number {
    const age = clock.now().getTime() - begunAt;
    return Math.min(WAIT_MS.most, Math.max(WAIT_MS.least, age / WAIT_MS.part));
  }

  async function storePiece(): Promise<number> {
    const count = countForPiece(slices);
    const bytes = Buffer.concat(slices.slice(0, count).map((slice) => slice.bytes));
    const marks = slices.slice(0, count).flatMap((slice) => slice.marks);
    const offset = slices[0]?.offset ?? 0;
    const key = folder + pieceName({ offset, size: bytes.length, marks });
    const until = AbortSignal.any([signal, dropped.signal]);
    await keepTrying(() => objects.put(key, bytes), until);
    if (until.aborted) return bytes.length;
    slices.splice(0, count);
    free(bytes.length);
    return bytes.length;
  }

  function free(bytes: number): void {
    waiting -= bytes;
    memory.free(bytes);
  }

  function begin(): void {
    if (slices.length === 0) return;
    if (waiting >= PIECE_BYTES) hurry.abort();
    // It fails by a signal alone, and then nothing waits for it.
    storing ??= store()
      .catch(() => {})
      .finally(() => {
        storing = null;
      });
  }

  async function drop(): Promise<void> {
    dropped.abort();
    hurry.abort();
    slices = [];
    free(waiting);
    await storing;
    dropped = new AbortController();
    hurry = new AbortController();
    log = null;
  }

  return {
    async append(chunk) {
      await inOrder(async () => {
        signal.throwIfAborted();
        log = take(chunk, log ?? (await keepTrying(() => markedLog(objects, folder), signal)));
        begin();
      });
      await memory.room(signal);
    },
    flush: () =>
      inOrder(async () => {
        hurry.abort();
        await storing;
        if (slices.length > 0) signal.throwIfAborted();
      }),
    reset: () =>
      inOrder(async () => {
        await drop();
        await keepTrying(() => removeAll(objects, folder), signal);
        log = UNMARKED;
      }),
    drop: () => inOrder(drop),
    held() {
      if (log === null) return null;
      return { from: log.bytes - waiting, slices: [...slices] };
    },
    isIdle: () => tasks === 0 && slices.length === 0 && storing === null,
  };
}

export async function removeAll(objects: Pick<Objects, 'list' | 'delete'>, folder: string): Promise<void> {
  await objects.delete(await objects.list(folder));
}

function countForPiece(slices: readonly HeldSlice[]): number {
  let bytes = 0;
  let marks = 0;
  const end = slices.findIndex((slice) => {
    bytes += slice.bytes.length;
    marks += slice.marks.length;
    return bytes > PIECE_BYTES || marks > MOST_MARKS;
  });
  return end === -1 ? slices.length : Math.max(1, end);
}
