import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The refs below `prefix` (`refs`, `refs/heads`, or one ref), sorted by name, to their shas. Read from git's own files,
 * which a stand-in asks far too often to start a git each time: https://git-scm.com/docs/gitrepository-layout
 */
export async function readRefs(directory: string, prefix: string): Promise<ReadonlyMap<string, string>> {
  const all = new Map([...(await readPacked(directory)), ...(await readLoose(directory))]);
  const below = [...all].filter(([name]) => name === prefix || name.startsWith(`${prefix}/`));
  return new Map(below.sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function readPacked(directory: string): Promise<[string, string][]> {
  const text = await readFile(join(directory, 'packed-refs'), 'utf8').catch(() => '');
  return [...text.matchAll(/^([0-9a-f]{40}) (\S+)$/gm)].map(([, sha = '', name = '']) => [name, sha]);
}

async function readLoose(directory: string): Promise<[string, string][]> {
  const files = await filesBelow(join(directory, 'refs'));
  const refs = files.map(async (file): Promise<[string, string]> => {
    const sha = await readFile(file, 'utf8').catch(() => '');
    return [file.slice(directory.length + 1), sha.trim()];
  });
  return (await Promise.all(refs)).filter(([, sha]) => sha !== '');
}

/** git removes a folder with its last ref, maybe just now. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    // A ref is written beside its place and moved there.
    return entry.name.endsWith('.lock') ? [] : [path];
  });
  return (await Promise.all(found)).flat();
}
