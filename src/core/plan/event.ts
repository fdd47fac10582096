/** A repository as its events describe it. */
export interface RepositoryRef {
  readonly installationId: number;
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  /** `https://github.com/acme/api.git` */
  readonly cloneUrl: string;
  /** `https://github.com/acme/api` */
  readonly htmlUrl: string;
}

/** An account of GitHub. Nobody has the id 0, so whom GitHub does not tell is granted nothing. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly bot: boolean;
}

interface Delivered {
  /** `X-GitHub-Delivery`: the same on every redelivery. */
  readonly deliveryId: string;
  readonly repository: RepositoryRef;
  /** Who caused it. */
  readonly sender: Person;
}

/** A `push` delivery, reduced to what we act on. */
export interface PushEvent extends Delivered {
  readonly kind: 'push';
  readonly ref: { readonly kind: 'branch' | 'tag'; readonly name: string };
  /** The ref's commit before the push; null when the push created it. */
  readonly before: string | null;
  /**
   * The commit that the ref stands for now; null when the push deleted it. For an annotated tag `after` of the
   * payload is the tag object, so the head commit's id is taken.
   */
  readonly sha: string | null;
  readonly forced: boolean;
  /** When the ref was pushed, to the second; absent when GitHub does not say. */
  readonly pushedAt?: Date;
  /** The head commit's whole message. */
  readonly message: string;
}

/** A `pull_request` delivery whose action concerns its commit. */
export interface PullRequestEvent extends Delivered {
  readonly kind: 'pull_request';
  readonly action: 'opened' | 'reopened' | 'synchronize' | 'ready_for_review' | 'base_changed' | 'closed';
  readonly number: number;
  readonly head: PullRequestHead;
  /** The branch that it is to be merged into. */
  readonly base: string;
  /** The head before a `synchronize`. */
  readonly before: string | null;
  /** Who opened it. */
  readonly author: Person;
  /** When it was as this event tells it, to the second. */
  readonly at: Date;
}

export interface PullRequestHead {
  readonly sha: string;
  readonly branch: string;
  /** Null when the fork is gone. */
  readonly repositoryId: number | null;
}

/** A merge queue asks for a verdict on a commit of its own making, or is done with it. */
export interface MergeGroupEvent extends Delivered {
  readonly kind: 'merge_group';
  readonly action: 'checks_requested' | 'destroyed';
  /** Why it was destroyed. */
  readonly reason: 'merged' | 'invalidated' | 'dequeued' | null;
  /** The queue's own branch, `gh-readonly-queue/main/pr-12-0123…`. */
  readonly branch: string;
  readonly sha: string;
}

/** Somebody pressed *Re-run* on a check of ours, or on all of a commit's. */
export interface RerunEvent extends Delivered {
  readonly kind: 'rerun';
  /** Null: all checks of the commit. */
  readonly check: ClickedCheck | null;
  readonly sha: string;
  /** As GitHub knows it: null for a commit of a fork. */
  readonly branch: string | null;
}

/** Somebody pressed a button that a completed check of ours shows. */
export interface ButtonEvent extends Delivered {
  readonly kind: 'button';
  readonly button: string;
  readonly check: ClickedCheck;
  readonly sha: string;
}

export interface ClickedCheck {
  readonly id: number;
  readonly name: string;
  readonly externalId: string;
  readonly completed: boolean;
}

/** A person wrote a comment on a pull request. */
export interface CommentEvent extends Delivered {
  readonly kind: 'comment';
  /** Its id in GitHub's GraphQL API. */
  readonly comment: string;
  /** Of the pull request. */
  readonly number: number;
  /** Markdown. */
  readonly body: string;
}

/** An event that is not acted on, and why. */
export interface IgnoredEvent {
  readonly kind: 'ignored';
  readonly deliveryId: string;
  readonly reason: string;
}

/** What is acted on. */
export type ActedEvent =
  | PushEvent
  | PullRequestEvent
  | MergeGroupEvent
  | RerunEvent
  | ButtonEvent
  | CommentEvent;

export type GitHubEvent = ActedEvent | IgnoredEvent;
