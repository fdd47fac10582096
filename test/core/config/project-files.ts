import type { ProjectFiles } from '../../../src/core/config/resolved-project.ts';
import { TOOLCHAIN_FILES } from '../../../src/core/config/toolchain-files.ts';

/** What one directory of a repository shows of a project; `files` are the repository's, by path. */
export function projectFilesOf(files: Readonly<Record<string, string>>, directory: string): ProjectFiles {
  const prefix = directory === '.' ? '' : `${directory}/`;
  const inside = Object.entries(files)
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, text]) => [path.slice(prefix.length), text] as const);
  return {
    entries: [...new Set(inside.map(([path]) => path.split('/')[0]!))],
    text: Object.fromEntries(inside.filter(([path]) => TOOLCHAIN_FILES.includes(path))),
  };
}
