import { TOOLCHAIN_FILES } from '../core/config/toolchain-files.ts';
import type { Git } from './git.ts';
import { optional } from './git-answers.ts';
import type { ReadProjectFiles } from './load-config.ts';

/** Reads projects' files out of a commit: what the run will see, without what git ignores. */
export function readCommitFiles(git: Git, sha: string): ReadProjectFiles {
  return async (path) => {
    const tree = `${sha}:${path === '.' ? '' : path}`;
    const listed = await optional(git('ls-tree', '-z', tree));
    const entries = (listed ?? '').split('\0').slice(0, -1).map(parseEntry);
    const read = entries
      .filter(({ mode, name }) => mode.startsWith('100') && TOOLCHAIN_FILES.includes(name))
      .map(async ({ object, name }) => [name, await git('cat-file', 'blob', object)] as const);
    return {
      entries: entries.map(({ name }) => name).sort(),
      text: Object.fromEntries(await Promise.all(read)),
    };
  };
}

/** `<mode> SP <type> SP <object> TAB <name>`: https://git-scm.com/docs/git-ls-tree#_output_format */
function parseEntry(entry: string): { mode: string; object: string; name: string } {
  const tab = entry.indexOf('\t');
  const [mode = '', , object = ''] = entry.slice(0, tab).split(' ');
  return { mode, object, name: entry.slice(tab + 1) };
}
