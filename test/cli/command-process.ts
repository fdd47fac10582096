import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GIT_ENVIRONMENT } from './temporary-repository.ts';

export const PROGRAM = fileURLToPath(new URL('../../bin/tekton-ci.js', import.meta.url));

export interface CommandProcess {
  readonly child: ChildProcess;
  stdout(): string;
  /** Resolves once the process has printed this; rejects after twenty seconds or when it ends first. */
  printed(text: string): Promise<void>;
  readonly ended: Promise<{
    readonly exitCode: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

export interface CommandOptions {
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly nodeOptions?: readonly string[];
}

/** Starts the program as a process of its own, with nothing of the tests' environment but `PATH`. */
export function startCommand(argv: readonly string[], options: CommandOptions): CommandProcess {
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), PROGRAM, ...argv], {
    cwd: options.directory,
    env: { ...GIT_ENVIRONMENT, ...options.environment },
    stdio: 'pipe',
  });
  const printed = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      for (const listener of listeners) listener();
    });
  }
  child.stdin.on('error', () => {}).end(options.stdin ?? '');
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    child,
    stdout: () => printed.stdout,
    async printed(text) {
      const found = Promise.withResolvers<void>();
      const listener = () => printed.stdout.includes(text) && found.resolve();
      const fail = (why: string) =>
        found.reject(new Error(`"${text}" was not printed ${why}: ${JSON.stringify(printed)}`));
      const timer = setTimeout(fail, 20_000, 'in time');
      listeners.add(listener);
      void ended.then(() => fail('before the end'));
      listener();
      await found.promise.finally(() => clearTimeout(timer));
    },
    ended: ended.then((exitCode) => ({ exitCode, ...printed })),
  };
}
