import { appendFile, open, stat, truncate } from 'node:fs/promises';
import type { LogChunk } from '../app/ports.ts';

/** Bytes of a step's log; a step that prints without end must not fill the disk. */
export const LOG_LIMIT = 64 * 1024 * 1024;

export interface LogGuard {
  /** Cuts for the last time, and says in the log that it was cut. */
  finish(): Promise<void>;
}

/** Keeps the log of a running step below the limit: what comes after it is dropped, the step goes on. */
export function guardLog(path: string): LogGuard {
  let cut = false;
  let last = Promise.resolve();
  const check = () => {
    last = last.then(async () => {
      const { size } = await stat(path);
      if (size <= LOG_LIMIT) return;
      cut = true;
      await truncate(path, LOG_LIMIT);
    });
    // A log that is not there yet; the last check tells what is wrong with the disk.
    last = last.catch(() => {});
  };
  const timer = setInterval(check, GUARD_EVERY);
  timer.unref();
  return {
    async finish() {
      clearInterval(timer);
      check();
      await last;
      if (cut) await appendFile(path, `\ntekton-ci: the log was cut at ${LOG_LIMIT / 1024 / 1024} MiB\n`);
    },
  };
}

/** Milliseconds. */
const GUARD_EVERY = 250;

export interface FollowOptions {
  readonly path: string;
  /** Null while the step waits or runs; once it has ended, when. */
  readonly endedAt: () => Date | null;
  /** Resolves when there may be more to read; rejects when the reader has gone. */
  readonly more: () => Promise<void>;
  readonly now: () => Date;
}

/** A log from its beginning, until the step has ended and all of it was read. */
export async function* followLog({ path, endedAt, more, now }: FollowOptions): AsyncGenerator<LogChunk> {
  let offset = 0;
  for (;;) {
    // Asked before reading: what is written before the end is read after it.
    const ended = endedAt();
    // While the step runs, what lies past the limit is still to be cut.
    const limit = ended === null ? LOG_LIMIT : Number.POSITIVE_INFINITY;
    for await (const bytes of readFrom(path, offset, limit)) {
      offset += bytes.length;
      yield { at: ended ?? now(), bytes };
    }
    if (ended !== null) return;
    await more();
  }
}

const CHUNK = 64 * 1024;

async function* readFrom(path: string, start: number, limit: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return;
  try {
    let position = start;
    while (position < limit) {
      const size = Math.min(CHUNK, limit - position);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(size), 0, size, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
