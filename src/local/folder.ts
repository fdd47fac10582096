import { chmod, lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InfrastructureError } from './infrastructure-error.ts';

/** A folder of a volume: of an `emptyDir`, or of a claim. */
export interface Folder {
  readonly volume: string;
  /** Relative; empty is the volume itself. */
  readonly subPath: string;
}

/**
 * Makes a folder that is not there yet, for steps of any user, as Kubernetes does; nobody else reaches it through the data
 * directory. Returns its path, which may also be that of a file. Rejects with an `InfrastructureError` when the path leads out of
 * its volume, also by a link: a step of another run may have put one into a claim.
 */
export async function makeFolder({ volume, subPath }: Folder): Promise<string> {
  const parts = subPath.split('/').filter((part) => part !== '' && part !== '.');
  if (subPath.startsWith('/') || parts.includes('..')) throw outside(subPath);
  if ((await mkdir(volume, { recursive: true })) !== undefined) await chmod(volume, OPEN);
  let path = volume;
  for (const [index, part] of parts.entries()) {
    path = join(path, part);
    await makeOne(path);
    const stats = await lstat(path);
    const isLast = index === parts.length - 1;
    if (!stats.isDirectory() && !(isLast && stats.isFile())) throw outside(subPath);
  }
  return path;
}

const OPEN = 0o777;

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
    await chmod(path, OPEN);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function outside(subPath: string): InfrastructureError {
  return new InfrastructureError(
    'CreateContainerConfigError',
    `the sub-path ${subPath} is no folder of its volume`,
  );
}
