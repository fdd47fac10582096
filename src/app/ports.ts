import type { ProjectFiles } from '../core/config/resolved-project.ts';
import type { Run, RunName, StepRef } from '../core/pipeline/run.ts';
import type { RunStatus } from '../core/pipeline/run-status.ts';
import type { PushEvent, RepositoryRef } from '../core/plan/event.ts';
import type { Trust } from '../core/plan/run-key.ts';
import type { Check } from '../core/report/check.ts';

/** What one read of a commit tells. */
export interface CommitSnapshot {
  /** The whole message of the commit. */
  readonly message: string;
  /** Text of `.tekton-ci.yml` at the commit, with its blob id; null when the file does not exist there. */
  readonly config: { readonly oid: string; readonly text: string } | null;
  /** Files of the repository's root that decide its toolchain. */
  readonly root: ProjectFiles;
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
  snapshot(repository: RepositoryRef, sha: string): Promise<CommitSnapshot>;
  /** One request for all paths (relative directories). A directory that does not exist has no entries. */
  projectFiles(
    repository: RepositoryRef,
    sha: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, ProjectFiles>>;
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

/** A time that is worth keeping over a restart, but may be lost. */
export interface Mark {
  load(): Promise<Date | null>;
  save(at: Date): Promise<void>;
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
  /** The hundred newest branches and the hundred newest tags; one request. */
  newest(repository: RepositoryRef): Promise<readonly Head[]>;
}

/** What is counted and timed, in seconds. */
export interface Metrics {
  redelivered(): void;
  deadLetter(): void;
  /** From the receipt of an event until its run was durable. */
  runMade(seconds: number): void;
  /** From the receipt of an event until GitHub had its check. */
  checkMade(seconds: number): void;
  /** From the moment that a check had something new to say until GitHub accepted it. */
  reported(seconds: number): void;
  reportRetried(): void;
}

/** A refusal that says when to come again (`Retry-After`, rate limits). Adapters throw it; the reconcile obeys it. */
export class TryLaterError extends Error {
  override readonly name = 'TryLaterError';
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface RunCredentials {
  readonly git?: { readonly url: string; readonly token: string; readonly expiresAt: Date };
}

/** What an engine says of a run whenever something about it changed. */
export interface ObservedRun {
  readonly name: RunName;
  /** Of the PipelineRun; the app keeps its own state there. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly status: RunStatus;
}

/** Whether a deploy may begin. */
export type TurnVerdict = { readonly go: 'yes' } | { readonly go: 'no'; readonly reason: string };

export interface LogChunk {
  readonly at: Date;
  readonly bytes: Uint8Array;
}

/** What executes runs. Both engines give the same answers; nothing above knows which it talks to. */
export interface Engine {
  /** Rejects with a `UserError` when this engine cannot execute such a run; makes nothing. */
  validate(run: Run): Promise<void>;
  /**
   * Idempotent by the run's name: resolves once the run is durable. Rejects with `RunConflictError` when the name is taken by another key.
   * The run is pending until it is released.
   */
  submit(run: Run, credentials: RunCredentials): Promise<void>;
  /** Lets a pending run start; nothing happens to one that is not. */
  release(name: RunName): Promise<void>;
  /** Replaces the credentials of a run that lives; nothing happens to one that has ended. */
  renew(name: RunName, credentials: RunCredentials): Promise<void>;
  /**
   * Takes the credentials away from a run that has ended, or never will begin; whoever gives it some at the same time does not undo that.
   * Absent: they end with the run.
   */
  revoke?(name: RunName): Promise<void>;
  /** Lists every known run first, says so by `onListed`, then follows; never ends by itself, only by the signal. */
  watch(onChange: (run: ObservedRun) => void, signal: AbortSignal, onListed?: () => void): Promise<void>;
  /**
   * Resolves once the watcher was told of everything that was so when this was called, or by the signal. Absent: it always has been.
   */
  catchUp?(signal: AbortSignal): Promise<void>;
  /** Merges annotations of the PipelineRun, durably. */
  annotate(name: RunName, annotations: Readonly<Record<string, string>>): Promise<void>;
  /** Answers the turn of a run that waits for it; nothing happens when it does not, or was answered before. */
  answer(name: RunName, target: string, verdict: TurnVerdict): Promise<void>;
  cancel(name: RunName, by: string, why: string): Promise<void>;
  /** Follows a step's log from its beginning; ends when the step has ended. A step that never ran has an empty log. */
  logs(name: RunName, step: StepRef, signal: AbortSignal): AsyncIterable<LogChunk>;
  remove(name: RunName): Promise<void>;
}

/** What the run page shows of a check that has no run of its own. */
export interface Report {
  readonly title: string;
  /** Plain text, of any number of lines. */
  readonly summary: string;
  /** Pages of the runs that it sums up. */
  readonly links?: readonly { readonly label: string; readonly url: string }[];
}

/** Keeps what people read after pods and work trees are gone. */
export interface LogStore {
  /** Appends to a step's log; past 20 MB it cuts, says so once in the log, and drops the rest. */
  append(name: RunName, step: StepRef, chunk: LogChunk): Promise<void>;
  /** Forgets what was stored of a step, before it is copied again from its beginning. */
  reset(name: RunName, step: StepRef): Promise<void>;
  /** The log's bytes from `offset`; empty when there is none. */
  read(name: RunName, step: StepRef, offset?: number): AsyncIterable<Uint8Array>;
  saveReport(name: string, report: Report): Promise<void>;
  report(name: string): Promise<Report | null>;
  remove(name: RunName): Promise<void>;
}

/** Addresses of run pages: unguessable, and readable by whoever has one. */
export interface RunLinks {
  url(name: string): string;
}

export interface Clock {
  now(): Date;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Structured log: a static message and fields, never whole payloads. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/** The name of a run is taken by a run with another key: a hash collision, or somebody else's object. */
export class RunConflictError extends Error {
  override readonly name = 'RunConflictError';
}
