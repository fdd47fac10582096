import type { Engine, Log } from '../app/ports.ts';
import type { GitHubEvent } from '../core/plan/event.ts';
import type { Output } from './output.ts';

/** What the commands need of the world around them; `bin.ts` gives the real parts, each loaded when it is first used. */
export interface Cli {
  readonly output: Output;
  /** The current directory. */
  readonly directory: string;
  readonly environment: Environment;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly signals: Signals;
  version(): string;
  /** Puts a question to the terminal and does not show what is typed. Null where there is no terminal to ask at. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
  /** What executes steps on this machine; rejects with a `UserError` when the runtime that is wanted does not answer. */
  findRuntime(wanted: RuntimeName | 'auto', directory: string): Promise<LocalRuntime>;
  /** The demo, which comes with a clone of the repository; rejects with a `UserError` where there is none. */
  openDemo(): Promise<Demo>;
  /** What the server makes of a webhook's payload. */
  readEvent(name: string, payload: Readonly<Record<string, unknown>>): Promise<GitHubEvent>;
  /** Rejects with a `UserError` that lists what is wrong with the settings. */
  startServer(): Promise<RunningServer>;
}

/** A command hands its exit code to this; errors are thrown. */
export type Exit = (code: number) => void;

export type Environment = Readonly<Record<string, string | undefined>>;

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface Signals {
  /** Takes over what these signals do until the returned function is called. */
  listen(onSignal: (signal: SignalName) => void): () => void;
}

/** What runs steps on this machine: containers of podman or docker, or processes of the machine itself. */
export type RuntimeName = 'podman' | 'docker' | 'host';

export interface LocalRuntime {
  readonly name: RuntimeName;
  /** Opens an engine in the directory that the runtime was found for; everything that it writes is below it. */
  openEngine(options: LocalEngineOptions): Promise<LocalEngine>;
}

export interface LocalEngineOptions {
  /** Folders of this machine that clone steps, and no others, read at the same place. */
  readonly sources: readonly string[];
  /** Leave the directories that steps worked in when a run has ended. */
  readonly keepWork: boolean;
  readonly log: Log;
}

export interface LocalEngine extends Engine {
  /** Ends what still runs, then resolves. */
  close(): Promise<void>;
  /** Ends every process of every step at once, without waiting for anything. */
  kill(): void;
}

export interface DemoOptions {
  readonly story: DemoStory;
  /** Of the story `push`: a local Git repository whose `HEAD` is pushed; the example without it. */
  readonly path?: string;
  /** Keeps the run page open until the signal. */
  readonly stay: boolean;
  readonly write: (line: string) => void;
  /** Ends the demo early; everything that it started is stopped. */
  readonly signal: AbortSignal;
}

/** A push; a branch and its pull request; a pull request from a stranger's fork. */
export type DemoStory = 'push' | 'pull-request' | 'fork';

/** Resolves with the exit code. */
export type Demo = (options: DemoOptions) => Promise<number>;

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}
