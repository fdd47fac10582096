import { access, copyFile, mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGit, type Git, GitError } from './git.ts';
import type { Environment } from './ports.ts';
import { UsageError } from './usage-error.ts';
import { optional, type WorkingTree } from './working-tree.ts';

/** The working tree as a commit that a clone step can fetch. */
export interface Snapshot {
  /** `file:` URL of a bare repository that holds the commit. */
  readonly url: string;
  readonly sha: string;
  /** True when the commit is `HEAD` itself: nothing is uncommitted. */
  readonly clean: boolean;
  /** Git in that bare repository. */
  readonly git: Git;
  /** What of the working tree is not in the commit, in words. */
  readonly notes: readonly string[];
}

interface Copy {
  readonly bare: string;
  readonly scratch: string;
  readonly environment: Environment;
  readonly alternates: string[];
  readonly notes: string[];
}

/** The user's name and address are not ours to sign with. */
const IDENTITY: Environment = {
  GIT_AUTHOR_NAME: 'tekton-ci',
  GIT_AUTHOR_EMAIL: 'tekton-ci@localhost',
  GIT_COMMITTER_NAME: 'tekton-ci',
  GIT_COMMITTER_EMAIL: 'tekton-ci@localhost',
};

/**
 * Commits the working tree as it is, with what is uncommitted and what is untracked but not ignored, into a bare
 * repository of its own below `directory`. Objects are borrowed from the user's repository (git's alternates), which
 * is only read: its objects, index, refs and config stay as they are. The content of submodules and of other
 * repositories inside is part of the commit, so nothing else needs to be fetched.
 */
export async function takeSnapshot(
  tree: WorkingTree,
  directory: string,
  environment: Environment,
): Promise<Snapshot> {
  const bare = join(directory, 'source.git');
  const scratch = join(directory, 'scratch');
  await mkdir(scratch, { recursive: true });
  const git = createGit(bare, environment, { ...IDENTITY, GIT_DIR: bare });
  await createGit(directory, environment)('init', '--quiet', '--bare', '--template=', bare);
  const copy: Copy = { bare, scratch, environment, alternates: [], notes: [] };
  try {
    const sha = await commit(tree, copy, git);
    return { url: pathToFileURL(bare).href, sha, clean: sha === tree.repository?.head, git, notes: copy.notes };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError('snapshot-failed', `the working tree cannot be copied: ${error.message}`, { cause: error });
  }
}

async function commit({ root, repository }: WorkingTree, copy: Copy, git: Git): Promise<string> {
  if (repository === null) return commitTree(await writePlainTree(root, copy), git, null);
  const whole = await writeRepositoryTree(repository.topLevel, copy);
  if (repository.prefix !== '') return commitTree(await subtree(whole, repository.prefix, git), git, null);
  await copyShallow(repository.git, copy.bare);
  const { head } = repository;
  if (head !== null && (await line(git('rev-parse', `${head}^{tree}`))) === whole) return publish(head, git);
  return commitTree(whole, git, head);
}

async function subtree(whole: string, prefix: string, git: Git): Promise<string> {
  const found = await optional(git('rev-parse', '--verify', '--quiet', `${whole}:${prefix.replace(/\/$/, '')}`));
  // Every file below is ignored.
  return found ?? line(git('hash-object', '-t', 'tree', '-w', '/dev/null'));
}

async function commitTree(tree: string, git: Git, parent: string | null): Promise<string> {
  const parents = parent === null ? [] : ['-p', parent];
  return publish(await line(git('commit-tree', '-m', 'The working tree as it is', ...parents, tree)), git);
}

/** A server gives out only what a ref names. */
async function publish(sha: string, git: Git): Promise<string> {
  await git('update-ref', 'refs/heads/snapshot', sha);
  await git('symbolic-ref', 'HEAD', 'refs/heads/snapshot');
  return sha;
}

/** The tree of a directory that is no repository; `.gitignore` files count all the same. */
function writePlainTree(root: string, copy: Copy): Promise<string> {
  return writeTree(root, copy, { GIT_DIR: copy.bare });
}

/** The tree of a Git repository's working tree. Its index is the start: what it knows to be unchanged is not read again. */
async function writeRepositoryTree(topLevel: string, copy: Copy): Promise<string> {
  const git = createGit(topLevel, copy.environment);
  const format = await line(git('rev-parse', '--show-object-format'));
  if (format !== 'sha1') {
    throw new UsageError('object-format', `${topLevel} stores ${format} objects: GitHub and tekton-ci know sha1 only.`);
  }
  await borrowObjects(await path(git, 'objects'), copy);
  return writeTree(topLevel, copy, {
    GIT_DIR: await line(git('rev-parse', '--absolute-git-dir')),
    index: await path(git, 'index'),
  });
}

async function writeTree(
  root: string,
  copy: Copy,
  { GIT_DIR, index }: { readonly GIT_DIR: string; readonly index?: string },
): Promise<string> {
  const ownIndex = join(copy.scratch, `index-${copy.alternates.length}`);
  if (index !== undefined) await copyIndex(index, ownIndex);
  const git = createGit(root, copy.environment, {
    GIT_DIR,
    GIT_WORK_TREE: root,
    GIT_INDEX_FILE: ownIndex,
    GIT_OBJECT_DIRECTORY: join(copy.bare, 'objects'),
  });
  const untracked = await list(git('ls-files', '-z', '--others', '--exclude-standard'));
  const nested = untracked.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
  await git('add', '--all', '--', '.', ...nested.map((name) => `:(exclude,literal)${name}`));
  for (const name of [...(await submodules(git)), ...nested]) await embed(name, root, copy, git);
  return line(git('write-tree'));
}

async function submodules(git: Git): Promise<string[]> {
  const entries = await list(git('ls-files', '-z', '--stage'));
  return entries.filter((entry) => entry.startsWith('160000 ')).map((entry) => entry.slice(entry.indexOf('\t') + 1));
}

/** Puts the content of a repository inside the working tree in the place where git would only note its commit. */
async function embed(name: string, root: string, copy: Copy, git: Git): Promise<void> {
  await git('update-index', '--force-remove', '--', name);
  const directory = join(root, name);
  if (!(await exists(join(directory, '.git')))) {
    copy.notes.push(`the submodule ${name} is not checked out and left out ("git submodule update --init" brings it)`);
    return;
  }
  await git('read-tree', `--prefix=${name}/`, await writeRepositoryTree(directory, copy));
}

async function borrowObjects(objects: string, copy: Copy): Promise<void> {
  copy.alternates.push(objects);
  // Quoted as in C, which git reads in this file and which lets a path hold anything.
  const lines = copy.alternates.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"\n`);
  await mkdir(join(copy.bare, 'objects', 'info'), { recursive: true });
  await writeFile(join(copy.bare, 'objects', 'info', 'alternates'), lines.join(''));
}

async function copyIndex(from: string, to: string): Promise<void> {
  if (!(await exists(from))) return;
  await copyFile(from, to);
  // Git takes a file for unchanged only when it is older than the index: the copy must not look younger than it is.
  const { mtimeMs } = await stat(from);
  const seconds = Math.floor(mtimeMs / 1000);
  await utimes(to, seconds, seconds);
}

/** A shallow clone lacks the parents of its oldest commits; git must know which. */
async function copyShallow(git: Git, bare: string): Promise<void> {
  const shallow = await path(git, 'shallow');
  if (await exists(shallow)) await copyFile(shallow, join(bare, 'shallow'));
}

function path(git: Git, name: string): Promise<string> {
  return line(git('rev-parse', '--path-format=absolute', '--git-path', name));
}

async function line(printed: Promise<string>): Promise<string> {
  return (await printed).replace(/\n$/, '');
}

async function list(printed: Promise<string>): Promise<string[]> {
  return (await printed).split('\0').slice(0, -1);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
