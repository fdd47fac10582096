import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './disk-error.ts';

/**
 * Appends to one log, which has room for `limitBytes`. What would pass the limit is dropped, and a line says so once: a log is cut
 * exactly when its file is larger than the limit, so a restart in between changes nothing. All or nothing: after a failed write the
 * log is as it was. Calls for one path must not overlap.
 */
export async function appendToLog(path: string, bytes: Uint8Array, limitBytes: number): Promise<void> {
  if (bytes.length === 0) return;
  const file = await openForAppend(path);
  try {
    const { size } = await file.stat();
    if (size > limitBytes) return;
    await writeOrRestore(file, size, withinLimit(bytes, limitBytes - size, limitBytes));
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

function withinLimit(bytes: Uint8Array, room: number, limitBytes: number): Uint8Array {
  if (bytes.length <= room) return bytes;
  const kept = bytes.subarray(0, characterBoundary(bytes, room));
  const newline = kept.at(-1) === 0x0a ? '' : '\n';
  return Buffer.concat([
    kept,
    Buffer.from(`${newline}tekton-ci: the log is cut here: more than ${formatLimit(limitBytes)}\n`),
  ]);
}

/** The last position up to `end` that does not split a UTF-8 character: continuation bytes are `10xxxxxx`, three at most. */
function characterBoundary(bytes: Uint8Array, end: number): number {
  for (let at = end; at > 0 && at > end - 4; at--) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return end;
}

function formatLimit(bytes: number): string {
  return bytes >= 1_000_000 ? `${Math.round(bytes / 100_000) / 10} MB` : `${bytes} bytes`;
}
