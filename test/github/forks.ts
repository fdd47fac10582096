import { runGit } from './git.ts';
import type { Repository } from './world.ts';

/**
 * Whatever is pushed to a fork can be read by its id through the repository that it is a fork of: at GitHub a network of forks shares its
 * objects. https://docs.github.com/pull-requests/collaborating-with-pull-requests/working-with-forks/about-permissions-and-visibility-of-forks
 */
export async function shareObjects({ id, parent, git }: Repository): Promise<void> {
  if (parent === null) return;
  const source = [git.directory, `+refs/heads/*:refs/stand-in/forks/${id}/*`];
  await runGit(parent.git.directory, ['fetch', '--quiet', '--no-tags', ...source]);
}

/** Likewise the other way round. */
export async function borrowCommit({ parent, git }: Repository, sha: string): Promise<void> {
  if (parent === null || (await git.commit(sha)) !== null) return;
  await runGit(git.directory, ['fetch', '--quiet', '--no-tags', parent.git.directory, sha]);
}

/** A fork begins with all that its parent has. */
export async function copyBranches({ parent, git }: Repository): Promise<void> {
  if (parent === null) return;
  const source = [parent.git.directory, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  await runGit(git.directory, ['fetch', '--quiet', ...source]);
}
