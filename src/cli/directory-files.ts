import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOOLCHAIN_FILES } from '../core/config/toolchain-files.ts';
import type { ReadProjectFiles } from './load-config.ts';

/** Reads projects' files below a directory of this machine. */
export function readDirectoryFiles(root: string): ReadProjectFiles {
  return async (path) => {
    const directory = join(root, path);
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    // A symbolic link is not followed, as on GitHub, where its text is only a path.
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const read = names
      .filter((name) => TOOLCHAIN_FILES.includes(name))
      .map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const);
    return {
      entries: entries.map(({ name }) => name).sort(),
      text: Object.fromEntries(await Promise.all(read)),
    };
  };
}
