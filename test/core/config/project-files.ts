import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFiles } from '../../../src/core/config/resolved-project.ts';
import { TOOLCHAIN_FILES } from '../../../src/core/config/toolchain-files.ts';

/** What a directory on disk shows of a project; nothing where it does not exist. */
export function projectFilesOf(directory: string): ProjectFiles {
  const entries = existsSync(directory) ? readdirSync(directory) : [];
  const names = entries.filter((name) => TOOLCHAIN_FILES.includes(name));
  return {
    entries,
    text: Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')])),
  };
}
