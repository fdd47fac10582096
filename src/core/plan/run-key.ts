/** What makes a run one run: two events with the same key share it. */
export interface RunKey {
  readonly repositoryId: number;
  /** A project's name; `.` for a repository that is one project. */
  readonly project: string;
  /** 40 lower-case hex digits. */
  readonly sha: string;
  readonly tag: string | null;
  readonly purpose: Purpose;
  readonly trust: Trust;
  /** The branch that an untrusted run's config was read from; null for trusted runs. */
  readonly base: string | null;
  /** 1 for the first run of a commit, +1 for each re-run. */
  readonly attempt: number;
}

/** `verify` for branches, pull requests and merge groups; `publish` for the default branch and tags. */
export type Purpose = 'verify' | 'publish';

/** `trusted` is written by someone with write access; forks and bots are `untrusted`. */
export type Trust = 'trusted' | 'untrusted';
