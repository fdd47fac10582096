import { chmod, copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InfrastructureError } from './infrastructure-error.ts';

export interface Secrets {
  /** A key's value, byte for byte. Rejects with an `InfrastructureError` when there is none. */
  read(name: string, key: string): Promise<string>;
  /** Lays a secret's keys out as files, as Kubernetes mounts it. Rejects likewise. */
  layOut(name: string, directory: string): Promise<void>;
}

/** Secrets are directories with a file a key; of the places, the first that has the secret wins. */
export function createSecrets(places: readonly string[]): Secrets {
  return {
    async read(name, key) {
      for (const place of places) {
        const value = await readFile(join(place, name, key), 'utf8').catch(() => null);
        if (value !== null) return value;
      }
      throw new InfrastructureError(
        'CreateContainerConfigError',
        `there is no secret ${name} with a key ${key}`,
      );
    },
    async layOut(name, directory) {
      const source = await firstWith(places, name);
      await mkdir(directory, { mode: 0o700 });
      for (const key of await readdir(source)) {
        await copyFile(join(source, key), join(directory, key));
        await chmod(join(directory, key), 0o400);
      }
    },
  };
}

async function firstWith(places: readonly string[], name: string): Promise<string> {
  for (const place of places) {
    const directory = join(place, name);
    if ((await readdir(directory).catch(() => null)) !== null) return directory;
  }
  throw new InfrastructureError('CreateContainerConfigError', `there is no secret ${name}`);
}
