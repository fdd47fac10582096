import type { LogMark } from '../core/log-marks.ts';
import type { Run, RunName, StepRef } from '../core/pipeline/run.ts';
import type { RunStatus } from '../core/pipeline/run-status.ts';

/** A time that is worth keeping over a restart, but may be lost. */
export interface Mark {
  load(): Promise<Date | null>;
  save(at: Date): Promise<void>;
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
  /** Values of the secrets that a run's steps see by their environment; those that are not there are left out. */
  secretValues(name: RunName): Promise<readonly string[]>;
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
  /** Appends to a step's log; past 100 MB it cuts, says so once in the log, and drops the rest. */
  append(name: RunName, step: StepRef, chunk: LogChunk): Promise<void>;
  /** Resolves once all that was appended to a step's log is durable, and nothing more is to come. Absent: it is once `append` resolves. */
  flush?(name: RunName, step: StepRef): Promise<void>;
  /** Forgets what was stored of a step, before it is copied again from its beginning. */
  reset(name: RunName, step: StepRef): Promise<void>;
  /** The log's bytes from `offset`; empty when there is none. */
  read(name: RunName, step: StepRef, offset?: number): AsyncIterable<Uint8Array>;
  /** Where some of its lines begin, and when they were written, in order: the first line, and enough others to find any line and its second. */
  marks(name: RunName, step: StepRef): Promise<readonly LogMark[]>;
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
