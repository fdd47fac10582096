import type { ChangedFiles, Repositories } from '../app/github-ports.ts';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import type { BranchConfig } from '../core/plan/choose-config.ts';
import { readCommitFiles } from './commit-files.ts';
import type { Git } from './git.ts';
import { line, list, optional } from './git-answers.ts';
import { UsageError } from './usage-error.ts';

/** GitHub's own limits, so that a plan made here is the server's: https://docs.github.com/rest/commits/commits#compare-two-commits */
const MOST_FILES = 300;
const MOST_COMMITS = 250;

/** What the server reads of a repository at GitHub, read from a clone of it. A branch is `origin`'s, where there is one. */
export function createCloneRepositories(
  git: Git,
): Pick<Repositories, 'snapshot' | 'projectFiles' | 'changedFiles'> {
  return {
    async snapshot(_repository, sha, branches) {
      await requireCommit(git, sha);
      const [message, config, root, others] = await Promise.all([
        git('log', '-1', '--format=%B', sha),
        readConfig(git, sha),
        readCommitFiles(git, sha)('.'),
        Promise.all(branches.map(async (name) => [name, await branchConfig(git, name)] as const)),
      ]);
      return { message, config, root, branches: new Map(others) };
    },
    async projectFiles(_repository, sha, paths) {
      const read = readCommitFiles(git, sha);
      return new Map(await Promise.all(paths.map(async (path) => [path, await read(path)] as const)));
    },
    async changedFiles(_repository, base, head) {
      const from = (await branchCommit(git, base)) ?? base;
      await requireCommit(git, from);
      return changedFiles(git, from, head);
    },
  };
}

async function changedFiles(git: Git, base: string, head: string): Promise<ChangedFiles> {
  if ((await optional(git('merge-base', base, head))) === null) return { files: [], complete: false };
  const changes = await list(git('diff', '--name-status', '-z', '-M', `${base}...${head}`));
  const files = [...paths(changes)];
  const commits = Number(await line(git('rev-list', '--count', `${base}..${head}`)));
  const complete = files.length < MOST_FILES && commits < MOST_COMMITS;
  return { files: [...new Set(files)], complete };
}

/** `M`, path; `R090`, old path, new path: https://git-scm.com/docs/git-diff#_raw_output_format */
function* paths(changes: readonly string[]): Generator<string> {
  for (let at = 0; at < changes.length; ) {
    const isRename = /^[RC]/.test(changes[at] ?? '');
    yield* changes.slice(at + 1, at + (isRename ? 3 : 2));
    at += isRename ? 3 : 2;
  }
}

async function branchConfig(git: Git, name: string): Promise<BranchConfig> {
  const commit = await branchCommit(git, name);
  return commit === null ? null : readConfig(git, commit);
}

function branchCommit(git: Git, name: string): Promise<string | null> {
  const verify = (ref: string) => optional(git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`));
  return verify(`refs/remotes/origin/${name}`).then((found) => found ?? verify(`refs/heads/${name}`));
}

async function readConfig(git: Git, commit: string): Promise<{ oid: string; text: string } | null> {
  const oid = await optional(git('rev-parse', '--verify', '--quiet', `${commit}:${CONFIG_FILE}`));
  return oid === null ? null : { oid, text: await git('cat-file', 'blob', oid) };
}

async function requireCommit(git: Git, commit: string): Promise<void> {
  if ((await optional(git('cat-file', '-e', `${commit}^{commit}`))) !== null) return;
  throw new UsageError(
    'commit-unknown',
    `the commit ${commit} is not in this clone: fetch it first, as in "git fetch origin ${commit}".`,
  );
}
