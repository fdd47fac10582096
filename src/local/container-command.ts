import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ContainerCommandOptions {
  readonly command: 'podman' | 'docker';
  /** The environment of the command itself: `PATH`, `HOME` and what tells it where its service is. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ContainerCommand {
  readonly name: 'podman' | 'docker';
  readonly environment: Readonly<Record<string, string>>;
  /** Runs it to its end. Rejects only when it cannot be started. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
}

export interface RunOptions {
  /** Further variables of the command. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it runs; podman may leave files there. */
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeout?: number;
}

export function createContainerCommand({ command, environment }: ContainerCommandOptions): ContainerCommand {
  return {
    name: command,
    environment,
    async run(args, { environment: further = {}, cwd, signal, timeout } = {}) {
      const child = spawn(command, args, {
        env: { ...environment, ...further },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(cwd === undefined ? {} : { cwd }),
        ...(signal === undefined ? {} : { signal }),
        ...(timeout === undefined ? {} : { timeout }),
      });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code: code ?? 1, stdout: textOf(out), stderr: textOf(err) };
    },
  };
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8').trim();
}
