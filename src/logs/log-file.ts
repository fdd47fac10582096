import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './disk-error.ts';
import { withinLimit } from './log-limit.ts';

/** What was appended, and to how long a log. */
export interface Appended {
  readonly before: number;
  readonly bytes: Uint8Array;
}

/**
 * Appends to one log, which has room for `limitBytes`. What would pass the limit is dropped, and a line says so once: a log is cut
 * exactly when its file is larger than the limit, so a restart in between changes nothing. All or nothing: after a failed write the
 * log is as it was. Calls for one path must not overlap. Resolves with what was written; null for nothing.
 */
export async function appendToLog(
  path: string,
  bytes: Uint8Array,
  limitBytes: number,
): Promise<Appended | null> {
  if (bytes.length === 0) return null;
  const file = await openForAppend(path);
  try {
    const { size } = await file.stat();
    if (size > limitBytes) return null;
    const written = withinLimit(bytes, limitBytes - size, limitBytes);
    await writeOrRestore(file, size, written);
    return { before: size, bytes: written };
  } finally {
    await file.close();
  }
}

/** The log's bytes from `offset`; none when there is no such log. Closes the file when the reader stops early. */
export async function* readLog(path: string, offset: number): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { start: offset })) yield chunk;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

async function openForAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a', 0o600);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return open(path, 'a', 0o600);
  }
}

async function writeOrRestore(file: FileHandle, size: number, bytes: Uint8Array): Promise<void> {
  try {
    await file.appendFile(bytes);
  } catch (error) {
    // The write's own error is the one to tell; a log that is longer than it should be is the smaller harm.
    await file.truncate(size).catch(() => {});
    throw error;
  }
}
