import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../app/ports.ts';

/** A walk over all files is not for every look. */
const FRESH_MS = 5 * 60_000;

/** Measures what `createDiskLogStore` keeps in a directory: in bytes, at most five minutes old. */
export function createStoredBytes(directory: string, clock: Pick<Clock, 'now'>): () => Promise<number> {
  let measured: Promise<number> | null = null;
  let at = 0;
  return () => {
    const now = clock.now().getTime();
    if (measured === null || now - at > FRESH_MS) {
      at = now;
      measured = sizeOf([join(directory, 'logs'), join(directory, 'reports')]);
    }
    return measured;
  };
}

async function sizeOf(directories: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const directory of directories) {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      // A file may go while the others are measured.
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      );
    }
  }
  return bytes;
}
