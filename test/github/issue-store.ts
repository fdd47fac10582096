import { type Account, type App, account, type Repository, type World } from './world.ts';

export interface PullState {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly title: string;
  readonly author: Account;
  /** Where the head is: the repository itself, or a fork of it. */
  readonly headRepository: Repository;
  readonly headBranch: string;
  readonly base: string;
  readonly baseSha: string;
  readonly createdAt: Date;
  headSha: string;
  state: 'open' | 'closed';
}

export interface CommentState {
  readonly id: number;
  readonly repository: Repository;
  readonly number: number;
  readonly body: string;
  readonly author: Account;
  readonly app: App | null;
  readonly createdAt: Date;
  readonly reactions: {
    readonly id: number;
    readonly content: string;
    readonly author: Account;
    readonly at: Date;
  }[];
}

/** Pull requests and what is said of them. */
export interface IssueStore {
  readonly pulls: readonly PullState[];
  readonly comments: readonly CommentState[];
  addPull(pull: Omit<PullState, 'id' | 'number' | 'createdAt' | 'state'>): PullState;
  addComment(comment: Omit<CommentState, 'id' | 'createdAt' | 'reactions'>): CommentState;
  findPull(repository: Repository, number: unknown): PullState | undefined;
}

export function createIssueStore(world: World): IssueStore {
  const pulls: PullState[] = [];
  const comments: CommentState[] = [];

  return {
    pulls,
    comments,
    addPull(pull) {
      const number = 1 + pulls.filter(({ repository }) => repository === pull.repository).length;
      const made: PullState = { ...pull, id: world.nextId(), number, createdAt: world.now(), state: 'open' };
      pulls.push(made);
      return made;
    },
    addComment(comment) {
      const made = { ...comment, id: world.nextId(), createdAt: world.now(), reactions: [] };
      comments.push(made);
      return made;
    },
    findPull: (repository, number) =>
      pulls.find((pull) => pull.repository === repository && pull.number === number),
  };
}

/** Who speaks when an app does. */
export function botOf(world: World, app: App): Account {
  return account(world, `${app.slug}[bot]`);
}
