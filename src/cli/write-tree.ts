import { copyFile, mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGit, type Git } from './git.ts';
import { exists, gitPath, line, list } from './git-answers.ts';
import type { Environment } from './ports.ts';
import { UsageError } from './usage-error.ts';

/** Where trees are written to; shared by all repositories of one working tree. */
export interface TreeWriter {
  /** A bare repository. */
  readonly bare: string;
  /** A directory for temporary index files. */
  readonly scratch: string;
  readonly environment: Environment;
  /** Object directories that `bare` borrows from; grows. */
  readonly alternates: string[];
  /** What is left out, in words; grows. */
  readonly notes: string[];
}

/** The tree of a directory that is no repository; `.gitignore` files count all the same. */
export function writePlainTree(root: string, writer: TreeWriter): Promise<string> {
  return writeTree(root, writer, { GIT_DIR: writer.bare });
}

/** The tree of a Git repository's working tree. Its index is the start: what it knows to be unchanged is not read again. */
export async function writeRepositoryTree(topLevel: string, writer: TreeWriter): Promise<string> {
  const git = createGit(topLevel, writer.environment);
  const format = await line(git('rev-parse', '--show-object-format'));
  if (format !== 'sha1') {
    throw new UsageError(
      'object-format',
      `${topLevel} stores ${format} objects: GitHub and tekton-ci know sha1 only.`,
    );
  }
  await borrowObjects(await gitPath(git, 'objects'), writer);
  return writeTree(topLevel, writer, {
    GIT_DIR: await line(git('rev-parse', '--absolute-git-dir')),
    index: await gitPath(git, 'index'),
  });
}

async function writeTree(
  root: string,
  writer: TreeWriter,
  { GIT_DIR, index }: { readonly GIT_DIR: string; readonly index?: string },
): Promise<string> {
  const ownIndex = join(writer.scratch, `index-${writer.alternates.length}`);
  if (index !== undefined) await copyIndex(index, ownIndex);
  const git = createGit(root, writer.environment, {
    GIT_DIR,
    GIT_WORK_TREE: root,
    GIT_INDEX_FILE: ownIndex,
    GIT_OBJECT_DIRECTORY: join(writer.bare, 'objects'),
  });
  const untracked = await list(git('ls-files', '-z', '--others', '--exclude-standard'));
  const foreign = untracked.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
  for (const name of foreign)
    writer.notes.push(`${name} is a repository of its own, no submodule, and left out`);
  await git('add', '--all', '--', '.', ...foreign.map((name) => `:(exclude,literal)${name}`));
  for (const name of await submodules(git)) await embed(name, root, writer, git);
  return line(git('write-tree'));
}

async function submodules(git: Git): Promise<string[]> {
  const entries = await list(git('ls-files', '-z', '--stage'));
  return entries
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1));
}

/** Puts the content of a submodule in the place where git only notes its commit, which a clone would have to fetch. */
async function embed(name: string, root: string, writer: TreeWriter, git: Git): Promise<void> {
  await git('update-index', '--force-remove', '--', name);
  const directory = join(root, name);
  if (!(await exists(join(directory, '.git')))) {
    writer.notes.push(
      `the submodule ${name} is not checked out and left out ("git submodule update --init" brings it)`,
    );
    return;
  }
  await git('read-tree', `--prefix=${name}/`, await writeRepositoryTree(directory, writer));
}

async function borrowObjects(objects: string, writer: TreeWriter): Promise<void> {
  writer.alternates.push(objects);
  // Quoted as in C, which git reads in this file and which lets a path hold anything.
  const lines = writer.alternates.map(
    (text) => `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"\n`,
  );
  await mkdir(join(writer.bare, 'objects', 'info'), { recursive: true });
  await writeFile(join(writer.bare, 'objects', 'info', 'alternates'), lines.join(''));
}

async function copyIndex(from: string, to: string): Promise<void> {
  if (!(await exists(from))) return;
  await copyFile(from, to);
  // Git takes a file for unchanged only when it is older than the index: the copy must not look younger than it is.
  const { mtimeMs } = await stat(from);
  const seconds = Math.floor(mtimeMs / 1000);
  await utimes(to, seconds, seconds);
}
