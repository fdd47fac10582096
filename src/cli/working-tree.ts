import { join } from 'node:path';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import { createGit, type Git, GitError } from './git.ts';
import { exists, line, optional } from './git-answers.ts';
import type { Environment } from './ports.ts';
import { UsageError } from './usage-error.ts';

/** The files that a command works on. */
export interface WorkingTree {
  /** What is taken as the repository's root; the config is read here. */
  readonly root: string;
  /** Null for a directory that is no Git repository. */
  readonly repository: GitRepository | null;
}

export interface GitRepository {
  readonly topLevel: string;
  /** From `topLevel` to the working tree's root, with a trailing slash; empty when they are the same. */
  readonly prefix: string;
  /** Git, run at `topLevel`. */
  readonly git: Git;
  /** Null before the first commit. */
  readonly head: string | null;
  /** Null when `HEAD` is detached. */
  readonly branch: string | null;
}

/**
 * Finds the working tree around a directory: its Git repository's, or the directory's own when a config lies right
 * in it (so that an example in a larger repository can be tried), or when there is no repository.
 */
export async function findWorkingTree(directory: string, environment: Environment): Promise<WorkingTree> {
  const here = createGit(directory, environment);
  const topLevel = await findTopLevel(here);
  if (topLevel === null) return { root: directory, repository: null };
  const prefix = (await exists(join(directory, CONFIG_FILE)))
    ? await line(here('rev-parse', '--show-prefix'))
    : '';
  const git = createGit(topLevel, environment);
  return {
    root: prefix === '' ? topLevel : directory,
    repository: {
      topLevel,
      prefix,
      git,
      head: await optional(git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}')),
      branch: await optional(git('symbolic-ref', '--short', '--quiet', 'HEAD')),
    },
  };
}

async function findTopLevel(git: Git): Promise<string | null> {
  try {
    return await line(git('rev-parse', '--show-toplevel'));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (/not a git repository|must be run in a work tree/.test(error.stderr)) return null;
    throw new UsageError('git-refused', `git refuses this repository: ${error.stderr.trim()}`, {
      cause: error,
    });
  }
}
