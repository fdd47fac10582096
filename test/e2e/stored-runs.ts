import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStoredRun, type StoredRun } from '../../src/local/stored-run.ts';

/** The runs of a repository as they are on the disk of a server, the oldest first. */
export function storedRuns(data: string, repository: string): StoredRun[] {
  const runs = join(data, 'runs');
  const names = list(runs).filter((name) => name.startsWith(`${repository}-`));
  return names
    .flatMap((name) => read(join(runs, name, 'state.json')) ?? [])
    .sort((one, other) => one.sequence - other.sequence);
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Null for a run that is not wholly there. */
function read(file: string): StoredRun | null {
  try {
    return parseStoredRun(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
