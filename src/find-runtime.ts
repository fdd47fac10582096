import type { LocalRuntime, RuntimeName } from './cli/ports.ts';
import { UserError } from './core/user-error.ts';
import { chooseRuntime, RUNTIMES } from './local/choose-runtime.ts';
import { createLocalEngine } from './local/local-engine.ts';
import type { Runtime } from './local/runtime.ts';
import { type Environment, environmentOfRuntimes } from './settings.ts';

export interface RuntimeRequest {
  readonly wanted: RuntimeName | 'auto';
  /** The engine's data directory. */
  readonly directory: string;
  /** Of the user who runs the command. */
  readonly environment: Environment;
}

/** What executes steps on this machine. Rejects with a `UserError` when the runtime that is wanted does not answer. */
export async function findRuntime({ wanted, directory, environment }: RuntimeRequest): Promise<LocalRuntime> {
  const chosen = await chooseRuntime({
    candidates: wanted === 'auto' ? RUNTIMES : [wanted],
    directory,
    environment: environmentOfRuntimes(environment),
  });
  if (chosen === null) {
    throw new UserError(
      'runtime-missing',
      `${wanted} does not answer on this machine: install and start it, or choose another runtime.`,
    );
  }
  const { name, runtime } = chosen;
  return {
    name,
    async openEngine({ sources, keepWork, log }) {
      const cloning = runtime.containers ? withSources(runtime, sources) : runtime;
      return createLocalEngine({ directory, concurrency: 1, runtime: cloning, keepWork, log });
    },
  };
}

/** Clone steps fetch from a repository of this machine, which their containers would not see. */
function withSources(runtime: Runtime, sources: readonly string[]): Runtime {
  const mounts = sources.map((folder) => ({ source: folder, target: folder, readOnly: true }));
  return {
    ...runtime,
    runStep: (launch) =>
      runtime.runStep(
        launch.name === 'clone' ? { ...launch, mounts: [...launch.mounts, ...mounts] } : launch,
      ),
  };
}
