import type { ProjectFiles } from '../core/config/resolved-project.ts';
import type { BranchConfig, ConfigFile } from '../core/plan/choose-config.ts';
import type { Person, PushEvent, RepositoryRef } from '../core/plan/event.ts';
import type { Trust } from '../core/plan/run-key.ts';
import type { Check } from '../core/report/check.ts';

/** What one read of a commit tells. */
export interface CommitSnapshot {
  /** The whole message of the commit. */
  readonly message: string;
  /** Text of `.tekton-ci.yml` at the commit, with its blob id; null when the file does not exist there. */
  readonly config: ConfigFile | null;
  /** Files of the repository's root that decide its toolchain. */
  readonly root: ProjectFiles;
  /** `.tekton-ci.yml` at the newest commit of each branch that was asked about; null where it or the branch does not exist. */
  readonly branches: ReadonlyMap<string, BranchConfig>;
}

export interface ChangedFiles {
  /** Paths relative to the root; a rename counts for both of its paths. */
  readonly files: readonly string[];
  /** False past GitHub's limits (300 files, 250 commits) or without a merge base: everything may have changed. */
  readonly complete: boolean;
}

/** Reads of GitHub repositories. Every call may reject with an ordinary error: an outage, never "absent". */
export interface Repositories {
  /** One request. Rejects with a `UserError` when the config is truncated, binary or a symlink. */
  snapshot(repository: RepositoryRef, sha: string, branches: readonly string[]): Promise<CommitSnapshot>;
  /** One request for all paths (relative directories). A directory that does not exist has no entries. */
  projectFiles(
    repository: RepositoryRef,
    sha: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, ProjectFiles>>;
  /** One request: how many lines the text files at these paths of a commit have. Paths at which there is none are left out. */
  lineCounts(
    repository: RepositoryRef,
    sha: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
  /** `base...head`, three dots: since the merge base. */
  changedFiles(repository: RepositoryRef, base: string, head: string): Promise<ChangedFiles>;
  /** A token that can only read this one repository's contents, valid for at least 30 minutes. */
  cloneToken(repository: RepositoryRef, trust: Trust): Promise<{ token: string; expiresAt: Date }>;
}

export interface ExistingCheck {
  readonly id: number;
  readonly name: string;
  readonly externalId: string;
  readonly status: string;
  readonly conclusion: string | null;
}

/** GitHub's check runs. Nothing here retries: a creation may have happened although the call rejected. */
export interface Checks {
  create(repository: RepositoryRef, check: Check): Promise<number>;
  update(repository: RepositoryRef, id: number, check: Check): Promise<void>;
  /** All checks of this app on the commit, older attempts too; of one name when it is given. */
  list(repository: RepositoryRef, sha: string, name?: string): Promise<readonly ExistingCheck[]>;
}

/** What an account may do in a repository: https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
export type Permission = 'write' | 'read' | 'none';

/** A pull request as it is now. */
export interface PullRequestState {
  readonly number: number;
  readonly open: boolean;
  readonly sha: string;
  readonly branch: string;
  /** Null when the fork is gone. */
  readonly headRepositoryId: number | null;
  readonly base: string;
  readonly author: Person;
  /** When it changed last, to the second, by GitHub's clock as in events; absent when nobody told. */
  readonly at?: Date;
}

/** Who asks for something, and where. */
export interface AskedBy {
  readonly who: Person;
  /** The comment in which they ask, which shows 👀 from then on. */
  readonly comment?: string;
  /** The commit that they ask for, which is read as well: an approval needs it next. */
  readonly sha?: string;
}

/** What is known of a pull request for somebody who asks for something. */
export interface ReadPull {
  /** Null for what is no pull request. */
  readonly pull: PullRequestState | null;
  readonly permission: Permission;
  /** Of the commit that was asked for, with the default branch and the base of the pull request; null when it is not there. */
  readonly commit: ReadCommit | null;
}

export interface ReadCommit {
  readonly sha: string;
  /** Throws what `Repositories.snapshot` rejects with. */
  snapshot(): CommitSnapshot;
}

/** Pull requests, what is said on them, and who may do what. */
export interface PullRequests {
  /** One request: what the account may do. By its id: a login can be given to somebody else. */
  permission(repository: RepositoryRef, who: Person): Promise<Permission>;
  /** One request for all of it. */
  read(repository: RepositoryRef, number: number, asked: AskedBy): Promise<ReadPull>;
  /** One request; null for what is no pull request. */
  pull(repository: RepositoryRef, number: number): Promise<PullRequestState | null>;
  /** Writes a comment, in Markdown. */
  reply(repository: RepositoryRef, number: number, text: string): Promise<void>;
}

/** One attempt of GitHub to deliver an event. */
export interface DeliveryAttempt {
  readonly id: string;
  /** The same for every attempt of one event. */
  readonly guid: string;
  readonly deliveredAt: Date;
  /** Answered 2xx. */
  readonly succeeded: boolean;
  readonly event: string;
  readonly installationId: number | null;
}

/** What GitHub remembers of its deliveries to this app: three days. */
export interface Deliveries {
  /** One request: a page of attempts, newest first, and what leads to the next, older page. */
  page(cursor: string | null): Promise<{ attempts: readonly DeliveryAttempt[]; next: string | null }>;
  /** Has GitHub deliver again; how that ends is seen in the list. */
  redeliver(id: string): Promise<void>;
}

/** A repository that the app is installed on. */
export interface InstalledRepository {
  readonly repository: RepositoryRef;
  readonly installedAt: Date;
  /** When anything was pushed last. */
  readonly pushedAt: Date;
}

/** What a branch or tag stands for now. */
export interface Head {
  readonly ref: PushEvent['ref'];
  readonly sha: string;
  readonly committedAt: Date;
  /** The whole message of the commit. */
  readonly message: string;
  /** Who wrote the commit, as far as GitHub knows; a name when it knows no login. */
  readonly author: { readonly login: string; readonly bot: boolean };
  /** Whether the commit has a config. */
  readonly configured: boolean;
}

/** What there is at GitHub, whatever was told of it. */
export interface Heads {
  /** One request for each hundred repositories, and two for each installation. */
  repositories(): AsyncIterable<InstalledRepository>;
  /** The hundred newest branches, tags and open pull requests; one request. */
  newest(repository: RepositoryRef): Promise<NewestHeads>;
}

export interface NewestHeads {
  readonly heads: readonly Head[];
  /** Pull requests whose branch is in another repository. */
  readonly forks: readonly PullRequestState[];
}
