import { createContainerCommand } from './container-command.ts';
import { createContainerRuntime } from './container-runtime.ts';
import { createHostRuntime } from './host-runtime.ts';
import type { Runtime } from './runtime.ts';

export const RUNTIMES = ['podman', 'docker', 'host'] as const;
export type RuntimeName = (typeof RUNTIMES)[number];

export interface ChooseRuntimeOptions {
  /** The first that answers is taken; `host` always does. */
  readonly candidates: readonly RuntimeName[];
  /** `PATH`, `HOME` and what tells podman or docker where its service is; `PATH` is also that of steps on this machine. */
  readonly environment: Readonly<Record<string, string>>;
  /** The engine's data directory. */
  readonly directory: string;
}

/** Milliseconds until a command that says nothing is taken for absent. */
const ANSWER_WITHIN = 10_000;

export interface ChosenRuntime {
  readonly name: RuntimeName;
  readonly runtime: Runtime;
}

/** The runtime that this machine has; null when none of the candidates answers. */
export async function chooseRuntime(options: ChooseRuntimeOptions): Promise<ChosenRuntime | null> {
  const { candidates, environment, directory } = options;
  for (const name of candidates) {
    if (name === 'host') return { name, runtime: createHostRuntime({ path: environment.PATH ?? '' }) };
    if (await answers(name, environment))
      return { name, runtime: createContainerRuntime({ command: name, environment, directory }) };
  }
  return null;
}

/** Docker's client is there without its service, so both are asked for what only the service knows. */
async function answers(
  command: 'podman' | 'docker',
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { run } = createContainerCommand({ command, environment });
  const args =
    command === 'podman' ? ['info', '--format', '{{.Host.OS}}'] : ['info', '--format', '{{.OSType}}'];
  try {
    const { code, stdout } = await run(args, { timeout: ANSWER_WITHIN });
    return code === 0 && stdout === 'linux';
  } catch {
    return false;
  }
}
