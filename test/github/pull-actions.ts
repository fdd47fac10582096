import { announceComment } from './comments.ts';
import type { Delivery } from './deliveries.ts';
import type { CommentState, PullState } from './issue-store.ts';
import { destroyGroup, type MergeGroup, requestChecks } from './merge-queue.ts';
import type { Parts } from './parts.ts';
import { changePull, openPull, type PullChange } from './pulls.ts';
import type { Repositories, RepositoryName } from './repositories.ts';
import { account, fullName } from './world.ts';

export interface PullOptions {
  readonly head: string;
  /** A fork that the head branch is in; the repository itself when not said. */
  readonly fork?: RepositoryName;
  readonly base?: string;
  readonly title?: string;
  readonly draft?: boolean;
  readonly sender?: string;
}

export interface OpenedPull {
  readonly number: number;
  readonly headSha: string;
  readonly delivery: Promise<Delivery | null>;
}

export interface WrittenComment {
  readonly id: number;
  readonly delivery: Promise<Delivery | null>;
}

export interface QueuedGroup {
  /** `gh-readonly-queue/main/pr-12-0123…` */
  readonly branch: string;
  readonly sha: string;
  readonly delivery: Promise<Delivery | null>;
}

/** What people do with pull requests, each with the events that GitHub sends; `sender` is a login, `developer` when not said. */
export interface PullActions {
  openPullRequest(repository: RepositoryName, options: PullOptions): Promise<OpenedPull>;
  changePullRequest(
    repository: RepositoryName,
    number: number,
    change: PullChange & { readonly sender?: string },
  ): Promise<{ readonly delivery: Promise<Delivery | null> }>;
  comments(repository: RepositoryName, number: number): CommentState[];
  comment(
    repository: RepositoryName,
    number: number,
    said: { readonly body: string; readonly sender?: string },
  ): WrittenComment;
  editComment(id: number, body: string): WrittenComment;
  /** Puts a pull request into the merge queue. */
  queue(repository: RepositoryName, number: number): Promise<QueuedGroup>;
  /** The queue is done with it; `merged` moves the base branch to the queue's commit. */
  dequeue(
    group: Pick<QueuedGroup, 'branch'>,
    reason: 'merged' | 'invalidated' | 'dequeued',
  ): Promise<{ readonly delivery: Promise<Delivery | null> }>;
}

export function createPullActions(
  parts: Parts,
  repositories: Pick<Repositories, 'find'>,
  developer: string,
): PullActions {
  const { world, issues } = parts;
  const groups = new Map<string, MergeGroup>();

  function pullOf(name: RepositoryName, number: number): PullState {
    const pull = issues.findPull(repositories.find(name), number);
    if (pull === undefined) throw new Error(`there is no pull request ${number}`);
    return pull;
  }

  return {
    async openPullRequest(name, options) {
      const { head: headBranch, fork, base, title = 'A change', draft = false } = options;
      const repository = repositories.find(name);
      const { pull, delivered } = await openPull(parts, {
        repository,
        headRepository: fork === undefined ? repository : repositories.find(fork),
        headBranch,
        base: base ?? repository.defaultBranch,
        title,
        draft,
        author: account(world, options.sender ?? developer),
      });
      return { number: pull.number, headSha: pull.headSha, delivery: first(delivered) };
    },
    async changePullRequest(name, number, { sender = developer, ...change }) {
      const pull = pullOf(name, number);
      const { delivered } = await changePull(parts, pull, { change, sender: account(world, sender) });
      return { delivery: first(delivered) };
    },
    comments(name, number) {
      const repository = repositories.find(name);
      return issues.comments.filter((one) => one.repository === repository && one.number === number);
    },
    comment(name, number, { body, sender = developer }) {
      const pull = pullOf(name, number);
      const { repository } = pull;
      const author = account(world, sender);
      const comment = issues.addComment({ repository, number, body, author, app: null });
      pull.updatedAt = world.now();
      return { id: comment.id, delivery: first(announceComment(parts, { comment, pull })) };
    },
    editComment(id, body) {
      const comment = issues.comments.find((one) => one.id === id);
      if (comment === undefined) throw new Error(`there is no comment ${id}`);
      const pull = pullOf(fullName(comment.repository), comment.number);
      const before = comment.body;
      comment.body = body;
      comment.updatedAt = world.now();
      return { id, delivery: first(announceComment(parts, { comment, pull }, before)) };
    },
    async queue(name, number) {
      const { group, delivered } = await requestChecks(parts, pullOf(name, number));
      groups.set(group.branch, group);
      return { branch: group.branch, sha: group.sha, delivery: first(delivered) };
    },
    async dequeue({ branch }, reason) {
      const group = groups.get(branch);
      if (group === undefined) throw new Error(`nothing is queued on ${branch}`);
      groups.delete(branch);
      const { delivered } = await destroyGroup(parts, group, reason);
      return { delivery: first(delivered) };
    },
  };
}

async function first(delivered: Promise<(Delivery | null)[]>): Promise<Delivery | null> {
  return (await delivered)[0] ?? null;
}
