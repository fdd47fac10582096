import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InfrastructureError } from './infrastructure-error.ts';
import { removeTree } from './remove-tree.ts';

export interface Secrets {
  /** A key's value for a variable. Rejects with an `InfrastructureError` when there is none. */
  read(name: string, key: string): Promise<string>;
  /** Lays a secret's keys out as files, as Kubernetes mounts it. Rejects likewise. */
  layOut(name: string, directory: string): Promise<void>;
}

type Keys = ReadonlyMap<string, Buffer>;

/**
 * The secrets of a run: its own, which are taken off the disk so that no step finds them there, then the operator's. A secret is
 * a directory with a file a key.
 */
export async function openSecrets(own: string, operators: string): Promise<Secrets> {
  const taken = new Map<string, Keys>();
  for (const name of await namesIn(own)) taken.set(name, await readKeys(join(own, name)));
  await removeTree(own);

  async function keysOf(name: string): Promise<Keys> {
    const keys = taken.get(name) ?? (await readKeys(join(operators, name)));
    if (keys.size === 0) throw missing(`there is no secret ${name}`);
    return keys;
  }

  return {
    async read(name, key) {
      const value = (await keysOf(name)).get(key);
      if (value === undefined) throw missing(`the secret ${name} has no key ${key}`);
      // Node would refuse it too, and print it.
      if (value.includes(0)) throw missing(`the key ${key} of the secret ${name} is not text`);
      return value.toString('utf8');
    },
    async layOut(name, directory) {
      const keys = await keysOf(name);
      await mkdir(directory, { mode: 0o700 });
      for (const [key, value] of keys) await writeFile(join(directory, key), value, { mode: 0o400 });
    },
  };
}

function missing(message: string): InfrastructureError {
  return new InfrastructureError('CreateContainerConfigError', message);
}

async function readKeys(directory: string): Promise<Keys> {
  const keys = new Map<string, Buffer>();
  for (const key of await namesIn(directory)) {
    const value = await readFile(join(directory, key)).catch(ignoreOthers);
    if (value !== null) keys.set(key, value);
  }
  return keys;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return (await readdir(directory).catch(ignoreOthers)) ?? [];
}

/** Nothing there, or not a file, or not a directory: no secret. Everything else is the disk's fault. */
function ignoreOthers(error: NodeJS.ErrnoException): null {
  if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(error.code ?? '')) return null;
  throw error;
}
