import type { Delivery } from './deliveries.ts';
import { runGit } from './git.ts';
import { ZERO_SHA } from './git-repository.ts';
import type { PullState } from './issue-store.ts';
import { announce, type Parts } from './parts.ts';
import { pullJson } from './pull-json.ts';
import type { Push } from './push.ts';
import type { Account, Json, Repository } from './world.ts';

export interface NewPull {
  readonly repository: Repository;
  /** The repository itself, or a fork of it. */
  readonly headRepository: Repository;
  readonly headBranch: string;
  readonly base: string;
  readonly title: string;
  readonly draft: boolean;
  readonly author: Account;
}

/** What may happen to a pull request besides a push to its branch. */
export type PullChange =
  | { readonly kind: 'close' }
  /** Closes it; `sha` is the commit on its base. */
  | { readonly kind: 'merge'; readonly sha: string }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'retarget'; readonly base: string }
  | { readonly kind: 'retitle'; readonly title: string };

type Delivered = Promise<(Delivery | null)[]>;

/** Opens a pull request: `refs/pull/<n>/head` in the base repository, and a `pull_request` event. */
export async function openPull(
  parts: Parts,
  asked: NewPull,
): Promise<{ pull: PullState; delivered: Delivered }> {
  const { repository, headRepository, headBranch, base, author } = asked;
  const headSha = await shaOf(headRepository, headBranch);
  const pull = parts.issues.addPull({ ...asked, headSha, baseSha: await shaOf(repository, base) });
  await updateHead(pull);
  return { pull, delivered: announcePull(parts, pull, { action: 'opened', sender: author }) };
}

/** Changes a pull request, and tells of it. */
export async function changePull(
  parts: Parts,
  pull: PullState,
  { change, sender }: { readonly change: PullChange; readonly sender: Account },
): Promise<{ delivered: Delivered }> {
  const told = await apply(pull, change, sender);
  pull.updatedAt = parts.world.now();
  return { delivered: announcePull(parts, pull, { ...told, sender }) };
}

interface PullEvent {
  readonly action: string;
  readonly sender: Account;
  /** What the event says besides the pull request. */
  readonly fields?: Json;
}

async function apply(
  pull: PullState,
  change: PullChange,
  sender: Account,
): Promise<Omit<PullEvent, 'sender'>> {
  switch (change.kind) {
    case 'close':
      pull.state = 'closed';
      return { action: 'closed' };
    case 'merge':
      pull.state = 'closed';
      pull.merged = { by: sender, sha: change.sha };
      return { action: 'closed' };
    case 'reopen':
      // What was pushed meanwhile is its head now.
      if (pull.headRepository !== null) pull.headSha = await shaOf(pull.headRepository, pull.headBranch);
      await updateHead(pull);
      pull.state = 'open';
      return { action: 'reopened' };
    case 'ready':
      pull.draft = false;
      return { action: 'ready_for_review' };
    case 'retarget': {
      const changes = { base: { ref: { from: pull.base }, sha: { from: pull.baseSha } } };
      pull.base = change.base;
      pull.baseSha = await shaOf(pull.repository, change.base);
      return { action: 'edited', fields: { changes } };
    }
    case 'retitle': {
      const changes = { title: { from: pull.title } };
      pull.title = change.title;
      return { action: 'edited', fields: { changes } };
    }
  }
}

/** Tells of the open pull requests of a branch that its head has moved, or that they are closed with it. */
export async function announceHeadMoved(parts: Parts, { repository, change, sender }: Push): Promise<void> {
  const { before, after } = change;
  const own = parts.issues.pulls.filter(
    (pull) =>
      pull.state === 'open' &&
      pull.headRepository === repository &&
      change.ref === `refs/heads/${pull.headBranch}`,
  );
  for (const pull of own) {
    if (after === ZERO_SHA) {
      await changePull(parts, pull, { change: { kind: 'close' }, sender });
      continue;
    }
    pull.headSha = after;
    pull.updatedAt = parts.world.now();
    await updateHead(pull);
    void announcePull(parts, pull, { action: 'synchronize', sender, fields: { before, after } });
  }
}

function announcePull(parts: Parts, pull: PullState, { action, sender, fields }: PullEvent): Delivered {
  const { world } = parts;
  const sent = announce(parts, {
    event: 'pull_request',
    action,
    repository: pull.repository,
    sender,
    fields: () => ({ number: pull.number, pull_request: pullJson(world, pull), ...fields }),
  });
  return Promise.all(sent);
}

/** The base repository has the head's commits, whosever they are. */
async function updateHead({ repository, headRepository, headSha, number }: PullState): Promise<void> {
  if (headRepository === null) return;
  const source = [headRepository.git.directory, `+${headSha}:refs/pull/${number}/head`];
  await runGit(repository.git.directory, ['fetch', '--quiet', '--no-tags', ...source]);
}

async function shaOf(repository: Repository, branch: string): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const sha = (await repository.git.refs(ref)).get(ref);
  if (sha === undefined) throw new Error(`there is no branch ${branch}`);
  return sha;
}
