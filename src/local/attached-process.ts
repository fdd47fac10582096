import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:os';
import { startTimeOf } from './process-group.ts';
import type { ProcessRecord } from './runtime.ts';

/** Waits for a line, which never comes when the server has died meanwhile; then becomes the program. */
const GATE = 'read -r go && exec "$@" </dev/null';

export interface GatedProgram {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Takes standard output and error. */
  readonly log: FileHandle;
}

/** Starts a program that waits behind a gate, in a session and process group of its own. */
export function startGated({ argv, env, cwd, log }: GatedProgram): ChildProcess {
  return spawn('/bin/sh', ['-c', GATE, 'sh', ...argv], {
    ...(cwd === undefined ? {} : { cwd }),
    env,
    stdio: ['pipe', log.fd, log.fd],
    detached: true,
  });
}

/** Lets a program through its gate once it is on record. */
export async function openGate(
  child: ChildProcess,
  onProcess: (process: ProcessRecord | null) => Promise<void>,
): Promise<void> {
  const { pid } = child;
  const startTime = pid === undefined ? null : await startTimeOf(pid);
  await onProcess(pid === undefined || startTime === null ? null : { pid, startTime });
  // A program that was killed at the gate has closed it.
  child.stdin?.on('error', () => {});
  child.stdin?.end('go\n');
}

/** Resolves with the exit code, 128 + n for signal n. To be called before anything else is waited for. */
export async function exitCodeOf(child: ChildProcess): Promise<number> {
  // `exit`, not `close`, which may wait for grandchildren. Its arguments: https://nodejs.org/api/child_process.html#event-exit
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
