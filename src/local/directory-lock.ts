import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import { UserError } from '../core/user-error.ts';
import { replaceDurably } from './durable-file.ts';
import { startTimeOf } from './process-group.ts';

/**
 * Claims a data directory for this engine: a second one would end the first one's steps as leftovers. The claim of a process that has died
 * does not count. Resolves with what gives it back; rejects with a `UserError` when another engine is alive.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'engine.lock');
  const holder = await readHolder(path);
  if (holder !== null && (await isAlive(holder))) {
    throw new UserError(
      'data-directory-in-use',
      `${directory} is in use by the process ${holder.pid}. Stop it, or give this one another data directory.`,
    );
  }
  await replaceDurably(path, JSON.stringify({ pid, startTime: await startTimeOf(pid) }));
  return () => rm(path, { force: true });
}

interface Holder {
  readonly pid: number;
  readonly startTime: string | null;
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    // What was written above; whatever else it may be claims nothing.
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  // Without /proc there are no start times, and nobody can say.
  return holder.startTime !== null && (await startTimeOf(holder.pid)) === holder.startTime;
}
