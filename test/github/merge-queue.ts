import { headCommitJson } from './check-json.ts';
import type { Delivery } from './deliveries.ts';
import { runGit } from './git.ts';
import { ZERO_SHA } from './git-repository.ts';
import type { PullState } from './issue-store.ts';
import { announce, type Parts } from './parts.ts';
import { changePull } from './pulls.ts';
import { announcePush } from './push.ts';
import type { Account, Repository } from './world.ts';

export interface MergeGroup {
  readonly repository: Repository;
  /** `gh-readonly-queue/main/pr-12-0123…` */
  readonly branch: string;
  readonly base: string;
  readonly baseSha: string;
  readonly sha: string;
  readonly pull: PullState;
}

type Delivered = Promise<(Delivery | null)[]>;

/** A merge queue's own commit of a pull request on its base, on a branch of the queue's: `push` and `merge_group`. */
export async function requestChecks(
  parts: Parts,
  pull: PullState,
): Promise<{ group: MergeGroup; delivered: Delivered }> {
  const { repository, base, headSha, number } = pull;
  const { git } = repository;
  const baseSha = (await git.refs('refs/heads')).get(`refs/heads/${base}`) ?? '';
  const run = async (...args: string[]) => (await runGit(git.directory, args)).trim();
  const tree = await run('merge-tree', '--write-tree', baseSha, headSha);
  const message = `Merge pull request #${number}`;
  const sha = await run('commit-tree', '-p', baseSha, '-p', headSha, '-m', message, tree);
  const branch = `gh-readonly-queue/${base}/pr-${number}-${baseSha}`;
  await moveBranch(parts, { repository, branch, sha, sender: pull.author });
  const group = { repository, branch, base, baseSha, sha, pull };
  return { group, ...(await announceGroup(parts, group, { action: 'checks_requested' })) };
}

/** The queue is done with a group; one that was merged is the base's new head, and its pull request closed. */
export async function destroyGroup(
  parts: Parts,
  group: MergeGroup,
  reason: 'merged' | 'invalidated' | 'dequeued',
): Promise<{ delivered: Delivered }> {
  const { repository, branch, base, sha, pull } = group;
  const sender = pull.author;
  if (reason === 'merged') {
    await moveBranch(parts, { repository, branch: base, sha, sender });
    await changePull(parts, pull, { change: { kind: 'merge', sha }, sender });
  }
  const announced = await announceGroup(parts, group, { action: 'destroyed', reason });
  await moveBranch(parts, { repository, branch, sha: ZERO_SHA, sender });
  return announced;
}

/** Resolves once it is on its way. */
async function announceGroup(
  parts: Parts,
  { repository, branch, base, baseSha, sha, pull }: MergeGroup,
  { action, reason }: { readonly action: string; readonly reason?: string },
): Promise<{ delivered: Delivered }> {
  const head = await repository.git.commit(sha);
  if (head === null) throw new Error(`there is no commit ${sha}`);
  const group = {
    head_sha: sha,
    head_ref: `refs/heads/${branch}`,
    base_sha: baseSha,
    base_ref: `refs/heads/${base}`,
    head_commit: headCommitJson(head),
  };
  const sent = announce(parts, {
    event: 'merge_group',
    action,
    repository,
    sender: pull.author,
    fields: () => ({ merge_group: group, ...(reason !== undefined && { reason }) }),
  });
  return { delivered: Promise.all(sent) };
}

async function moveBranch(
  parts: Parts,
  moved: {
    readonly repository: Repository;
    readonly branch: string;
    readonly sha: string;
    readonly sender: Account;
  },
): Promise<void> {
  const { repository, sha, sender } = moved;
  const ref = `refs/heads/${moved.branch}`;
  await repository.git.exclusively(async () => {
    const before = (await repository.git.refs(ref)).get(ref) ?? ZERO_SHA;
    await repository.git.updateRef(ref, sha);
    await announcePush(parts, { repository, change: { ref, before, after: sha }, sender });
  });
}
