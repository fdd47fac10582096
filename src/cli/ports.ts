import type { Engine, Log } from '../app/ports.ts';
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
  openEngine(options: LocalEngineOptions): Promise<LocalEngine>;
  /** The demo, which comes with a clone of the repository; rejects with a `UserError` where there is none. */
  openDemo(): Promise<Demo>;
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

export interface LocalEngineOptions {
  /** Everything that the engine writes is under this directory. */
  readonly directory: string;
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
  /** A local Git repository whose `HEAD` is pushed; the example without it. */
  readonly path?: string;
  /** Keeps the run page open until the signal. */
  readonly stay: boolean;
  readonly write: (line: string) => void;
  /** Ends the demo early; everything that it started is stopped. */
  readonly signal: AbortSignal;
}

/** Resolves with the exit code. */
export type Demo = (options: DemoOptions) => Promise<number>;

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}
