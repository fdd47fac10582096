import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of all results of a task: https://tekton.dev/docs/pipelines/tasks/#emitting-results */
export const RESULTS_LIMIT = 4096;

/**
 * Reads the results that a task's steps have written so far, verbatim. Null when together they are larger than the limit. Only plain
 * files count: a step could have put a link or a pipe in their place.
 */
export async function readResults(
  directory: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string> | null> {
  const results = new Map<string, string>();
  let total = 0;
  for (const name of names) {
    const content = await readPlainFile(join(directory, name));
    if (content === null) continue;
    total += content.length;
    results.set(name, content.toString('utf8'));
  }
  return total > RESULTS_LIMIT ? null : results;
}

async function readPlainFile(path: string): Promise<Buffer | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => null);
  if (file === null) return null;
  try {
    if (!(await file.stat()).isFile()) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(RESULTS_LIMIT + 1), 0, RESULTS_LIMIT + 1, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
