import type { Delivery } from './deliveries.ts';
import { runGit } from './git.ts';
import type { PullState } from './issue-store.ts';
import { announce, type Parts } from './parts.ts';
import { pullJson } from './pull-json.ts';
import type { Account, Repository } from './world.ts';

export interface NewPull {
  readonly repository: Repository;
  /** The repository itself, or a fork of it. */
  readonly headRepository: Repository;
  readonly headBranch: string;
  readonly base: string;
  readonly title: string;
  readonly author: Account;
}

/** Opens a pull request: `refs/pull/<n>/head` in the base repository, and a `pull_request` event. */
export async function openPull(
  parts: Parts,
  asked: NewPull,
): Promise<{ pull: PullState; delivered: Promise<(Delivery | null)[]> }> {
  const { repository, headRepository, headBranch, base } = asked;
  const headSha = await shaOf(headRepository, headBranch);
  const pull = parts.issues.addPull({ ...asked, headSha, baseSha: await shaOf(repository, base) });
  const source = [headRepository.git.directory, `+refs/heads/${headBranch}:refs/pull/${pull.number}/head`];
  await runGit(repository.git.directory, ['fetch', '--quiet', '--no-tags', ...source]);
  return { pull, delivered: announcePull(parts, pull, 'opened') };
}

export function announcePull(parts: Parts, pull: PullState, action: string): Promise<(Delivery | null)[]> {
  const { world } = parts;
  const sent = announce(parts, {
    event: 'pull_request',
    action,
    repository: pull.repository,
    sender: pull.author,
    fields: () => ({ number: pull.number, pull_request: pullJson(world, pull) }),
  });
  return Promise.all(sent);
}

async function shaOf(repository: Repository, branch: string): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const sha = (await repository.git.refs(ref)).get(ref);
  if (sha === undefined) throw new Error(`there is no branch ${branch}`);
  return sha;
}
