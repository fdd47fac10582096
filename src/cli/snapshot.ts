import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGit, type Git, GitError } from './git.ts';
import { exists, gitPath, line, optional } from './git-answers.ts';
import type { Environment } from './ports.ts';
import { UsageError } from './usage-error.ts';
import type { WorkingTree } from './working-tree.ts';
import { type TreeWriter, writePlainTree, writeRepositoryTree } from './write-tree.ts';

/** The working tree as a commit that a clone step can fetch. */
export interface Snapshot {
  /** `file:` URL of a bare repository that holds the commit. */
  readonly url: string;
  readonly sha: string;
  /** True when the commit is `HEAD` itself: nothing is uncommitted. */
  readonly clean: boolean;
  /** Git in that bare repository. */
  readonly git: Git;
  /** The bare repository and every folder that it borrows objects from. */
  readonly folders: readonly string[];
  /** What of the working tree is not in the commit, in words. */
  readonly notes: readonly string[];
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
 * is only read: its objects, index, refs and config stay as they are. The content of submodules is part of the
 * commit, so nothing else needs to be fetched.
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
  const writer: TreeWriter = { bare, scratch, environment, alternates: [], notes: [] };
  try {
    const sha = await commit(tree, writer, git);
    return {
      url: pathToFileURL(bare).href,
      sha,
      clean: sha === tree.repository?.head,
      git,
      folders: [bare, ...(await borrowed(git))],
      notes: writer.notes,
    };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError('snapshot-failed', `the working tree cannot be copied: ${error.message}`, {
      cause: error,
    });
  }
}

async function commit({ root, repository }: WorkingTree, writer: TreeWriter, git: Git): Promise<string> {
  if (repository === null) return commitTree(await writePlainTree(root, writer), git, null);
  const whole = await writeRepositoryTree(repository.topLevel, writer);
  if (repository.prefix !== '') return commitTree(await subtree(whole, repository.prefix, git), git, null);
  await copyShallow(repository.git, writer.bare);
  const { head } = repository;
  if (head !== null && (await line(git('rev-parse', `${head}^{tree}`))) === whole) return publish(head, git);
  return commitTree(whole, git, head);
}

async function subtree(whole: string, prefix: string, git: Git): Promise<string> {
  const found = await optional(
    git('rev-parse', '--verify', '--quiet', `${whole}:${prefix.replace(/\/$/, '')}`),
  );
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

/** What git would read besides the repository itself, also by way of another: https://git-scm.com/docs/git-count-objects */
async function borrowed(git: Git): Promise<string[]> {
  const printed = await git('-c', 'core.quotePath=false', 'count-objects', '-v');
  return printed.split('\n').flatMap((entry) => {
    const [, path] = /^alternate: (.+)$/.exec(entry) ?? [];
    if (path === undefined) return [];
    return [path.startsWith('"') ? path.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : path];
  });
}

/** A shallow clone lacks the parents of its oldest commits; git must know which. */
async function copyShallow(git: Git, bare: string): Promise<void> {
  const shallow = await gitPath(git, 'shallow');
  if (await exists(shallow)) await copyFile(shallow, join(bare, 'shallow'));
}
