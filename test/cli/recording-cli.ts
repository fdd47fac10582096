import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import type { Cli, LocalEngineOptions, RuntimeName, SignalName } from '../../src/cli/ports.ts';
import { readEvent } from '../../src/github/read-event.ts';
import { createFakeEngine, type FakeEngine } from './fake-engine.ts';
import { createRecordingOutput, type RecordingOutput } from './recording-output.ts';
import { GIT_ENVIRONMENT } from './temporary-repository.ts';

export interface RecordingCli extends Cli {
  readonly output: RecordingOutput;
  /** With what engines were opened. */
  readonly opened: readonly OpenedEngine[];
  /** What the operating system would do; false when nothing listens. */
  send(signal: SignalName): boolean;
}

export interface OpenedEngine extends LocalEngineOptions {
  readonly directory: string;
  /** What lay in the directory's `secrets` then: path → text. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface RecordingCliOptions extends Partial<Pick<Cli, 'startServer'>> {
  readonly stdin?: string;
  readonly engine?: FakeEngine;
  /** What answers on this machine besides `host`. */
  readonly runtime?: RuntimeName;
  /** The user's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What is typed at the terminal; without it there is none. */
  readonly typed?: string;
}

/** The world around the commands, with every part in reach of a test. */
export function createRecordingCli(directory: string, options: RecordingCliOptions = {}): RecordingCli {
  const listeners = new Set<(signal: SignalName) => void>();
  const opened: OpenedEngine[] = [];
  const { runtime = 'host', engine = createFakeEngine() } = options;
  const output = createRecordingOutput();
  return {
    output,
    directory,
    environment: { ...GIT_ENVIRONMENT, ...options.environment },
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
    readEvent: async (name, payload) => readEvent({ id: 'plan', name, payload }, 0),
    async ask(question) {
      if (options.typed === undefined) return null;
      output.err.write(question);
      return options.typed;
    },
    async findRuntime(wanted, dataDirectory) {
      return {
        name: wanted === 'auto' ? runtime : wanted,
        async openEngine(engineOptions) {
          opened.push({ ...engineOptions, directory: dataDirectory, secrets: readSecrets(dataDirectory) });
          return engine;
        },
      };
    },
    async openDemo() {
      throw new Error('no demo here');
    },
    async startServer() {
      throw new Error('no server here');
    },
    ...(options.startServer === undefined ? {} : { startServer: options.startServer }),
  };
}

function readSecrets(data: string): Record<string, string> {
  const root = join(data, 'secrets');
  if (!existsSync(root)) return {};
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(root, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
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
