import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import type { Cli, LocalEngineOptions, SignalName } from '../../src/cli/ports.ts';
import { createFakeEngine, type FakeEngine } from './fake-engine.ts';
import { createRecordingOutput, type RecordingOutput } from './recording-output.ts';
import { GIT_ENVIRONMENT } from './temporary-repository.ts';

export interface RecordingCli extends Cli {
  readonly output: RecordingOutput;
  /** With what the engine was opened. */
  readonly opened: LocalEngineOptions[];
  /** What the operating system would do; false when nothing listens. */
  send(signal: SignalName): boolean;
}

export interface RecordingCliOptions extends Partial<Pick<Cli, 'startServer' | 'openEngine'>> {
  readonly stdin?: string;
  readonly engine?: FakeEngine;
}

/** The world around the commands, with every part in reach of a test. */
export function createRecordingCli(directory: string, options: RecordingCliOptions = {}): RecordingCli {
  const listeners = new Set<(signal: SignalName) => void>();
  const opened: LocalEngineOptions[] = [];
  return {
    output: createRecordingOutput(),
    directory,
    environment: GIT_ENVIRONMENT,
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    signals: {
      listen(onSignal) {
        listeners.add(onSignal);
        return () => listeners.delete(onSignal);
      },
    },
    opened,
    send(signal) {
      for (const listener of listeners) listener(signal);
      return listeners.size > 0;
    },
    version: () => '1.2.3',
    async openEngine(engineOptions) {
      opened.push(engineOptions);
      return options.engine ?? createFakeEngine();
    },
    async openDemo() {
      throw new Error('no demo here');
    },
    async startServer() {
      throw new Error('no server here');
    },
    ...(options.openEngine === undefined ? {} : { openEngine: options.openEngine }),
    ...(options.startServer === undefined ? {} : { startServer: options.startServer }),
  };
}

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line to its end. */
export async function runCli(cli: RecordingCli, ...argv: string[]): Promise<Finished> {
  const exitCode = await main(argv, cli);
  return { exitCode, stdout: cli.output.stdout(), stderr: cli.output.stderr() };
}
