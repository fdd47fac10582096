import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes a directory with all that steps left in it, read-only directories (Go's module cache) too. Links are removed, never
 * followed. A path that does not exist is fine.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, REMOVE);
  } catch {
    await makeDirectoriesWritable(path);
    await rm(path, REMOVE);
  }
}

const REMOVE = { recursive: true, force: true, maxRetries: 3, retryDelay: 50 } as const;

async function makeDirectoriesWritable(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null || !stats.isDirectory()) return;
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeDirectoriesWritable(join(path, entry.name));
  }
}
