import { readFile } from 'node:fs/promises';
import type { ContainerCommand } from './container-command.ts';
import { InfrastructureError } from './infrastructure-error.ts';

export interface EndedContainer {
  readonly container: string;
  /** Of the command that started the container and showed its output. */
  readonly exitCode: number;
  /** What that command wrote. */
  readonly logFile: string;
}

/** States of a container whose program was not started, of podman and docker. */
const NOT_STARTED = ['configured', 'created', 'initialized'];

/**
 * The exit code of a container, once the command that started it has ended: that may have failed by itself, before the program began
 * or while it ran on. Rejects with an `InfrastructureError` when it never began.
 */
export async function containerExitCode(
  command: ContainerCommand,
  { container, exitCode, logFile }: EndedContainer,
): Promise<number> {
  const { code, stdout: state } = await command.run(['inspect', '--format', '{{.State.Status}}', container]);
  // It is removed already.
  if (code !== 0) return exitCode;
  if (NOT_STARTED.includes(state)) {
    const [why = ''] = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-1);
    throw new InfrastructureError('StartError', `a container did not start: ${why}`);
  }
  const waited = await command.run(['wait', container]);
  return waited.code === 0 && /^\d+$/.test(waited.stdout) ? Number(waited.stdout) : exitCode;
}
