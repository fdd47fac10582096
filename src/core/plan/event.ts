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

/** A `push` delivery, reduced to what we act on. */
export interface PushEvent {
  readonly kind: 'push';
  /** `X-GitHub-Delivery`: the same on every redelivery. */
  readonly deliveryId: string;
  readonly repository: RepositoryRef;
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
  readonly sender: { readonly id: number; readonly login: string; readonly bot: boolean };
}

/** An event that is not acted on, and why. */
export interface IgnoredEvent {
  readonly kind: 'ignored';
  readonly deliveryId: string;
  readonly reason: string;
}

export type GitHubEvent = PushEvent | IgnoredEvent;
