import { type Account, type App, account, type Repository, type World } from './world.ts';

export interface PullState {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly author: Account;
  /** Where the head is: the repository itself, or a fork of it; null when the fork is gone. */
  headRepository: Repository | null;
  readonly headBranch: string;
  readonly createdAt: Date;
  title: string;
  base: string;
  baseSha: string;
  headSha: string;
  state: 'open' | 'closed';
  draft: boolean;
  updatedAt: Date;
  /** Null while it is not merged. */
  merged: { readonly by: Account; readonly sha: string } | null;
}

export interface CommentState {
  readonly id: number;
  readonly repository: Repository;
  readonly number: number;
  readonly author: Account;
  readonly app: App | null;
  readonly createdAt: Date;
  body: string;
  updatedAt: Date;
  readonly reactions: ReactionState[];
}

export interface ReactionState {
  readonly id: number;
  readonly content: string;
  readonly author: Account;
  readonly at: Date;
}

export type NewPullState = Omit<PullState, 'id' | 'number' | 'createdAt' | 'updatedAt' | 'state' | 'merged'>;

/** Pull requests and what is said of them. */
export interface IssueStore {
  readonly pulls: readonly PullState[];
  readonly comments: readonly CommentState[];
  addPull(pull: NewPullState): PullState;
  addComment(comment: Omit<CommentState, 'id' | 'createdAt' | 'updatedAt' | 'reactions'>): CommentState;
  findPull(repository: Repository, number: unknown): PullState | undefined;
  /** One account has one reaction of a kind on a comment. */
  react(
    comment: CommentState,
    given: Pick<ReactionState, 'content' | 'author'>,
  ): { readonly reaction: ReactionState; readonly isNew: boolean };
}

export function createIssueStore(world: World): IssueStore {
  const pulls: PullState[] = [];
  const comments: CommentState[] = [];

  return {
    pulls,
    comments,
    addPull(pull) {
      const number = 1 + pulls.filter(({ repository }) => repository === pull.repository).length;
      const now = world.now();
      const made: PullState = {
        ...pull,
        id: world.nextId(),
        number,
        createdAt: now,
        updatedAt: now,
        state: 'open',
        merged: null,
      };
      pulls.push(made);
      return made;
    },
    addComment(comment) {
      const now = world.now();
      const made = { ...comment, id: world.nextId(), createdAt: now, updatedAt: now, reactions: [] };
      comments.push(made);
      return made;
    },
    findPull: (repository, number) =>
      pulls.find((pull) => pull.repository === repository && pull.number === number),
    react({ reactions }, { content, author }) {
      const known = reactions.find((one) => one.author === author && one.content === content);
      const reaction = known ?? { id: world.nextId(), content, author, at: world.now() };
      if (known === undefined) reactions.push(reaction);
      return { reaction, isNew: known === undefined };
    },
  };
}

/** Who speaks when an app does. */
export function botOf(world: World, app: App): Account {
  return account(world, `${app.slug}[bot]`);
}
