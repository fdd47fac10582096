import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Mark } from '../app/ports.ts';
import { errorCode } from './disk-error.ts';

/** Keeps a time as `<directory>/<name>`. Nothing depends on it: a file that is lost or broken is as good as none. */
export function createMarkFile({ directory, name }: { directory: string; name: string }): Mark {
  const path = join(directory, name);
  return {
    async load() {
      try {
        const at = new Date((await readFile(path, 'utf8')).trim());
        return Number.isNaN(at.getTime()) ? null : at;
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
    },
    async save(at) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(`${path}.draft`, `${at.toISOString()}\n`, { mode: 0o600 });
      await rename(`${path}.draft`, path);
    },
  };
}
