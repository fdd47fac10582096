import { availableParallelism } from 'node:os';
import { type Leadership, SOLE_LEADERSHIP } from './app/leadership.ts';
import type { Engine, Log } from './app/ports.ts';
import { namespacesOf } from './core/settings/namespaces-of.ts';
import { UserError } from './core/user-error.ts';
import { chooseRuntime } from './local/choose-runtime.ts';
import { createLocalEngine } from './local/local-engine.ts';
import type { Runtime } from './local/runtime.ts';
import { systemClock as clock } from './local/system-clock.ts';
import type { Settings } from './settings.ts';

/** The engine of a server. */
export interface OpenedEngine {
  readonly engine: Engine;
  /** Runs that it can execute at once, whatever the operator allows. */
  readonly slots: number;
  /** Which of the servers that share the engine leads. */
  readonly leadership: Leadership;
  /** Takes no more runs, and ends those that end with it; resolves when all is written. */
  close(): Promise<void>;
}

export interface OpenEngineOptions {
  readonly log: Log;
  /** What executes the steps of the local engine; absent: as the settings say. */
  readonly runtime?: Runtime | undefined;
}

/** Opens the engine that the settings name. Rejects with a `UserError` when it cannot work here. */
export async function openEngine(settings: Settings, options: OpenEngineOptions): Promise<OpenedEngine> {
  return settings.engine === 'tekton' ? openTekton(settings, options) : openLocal(settings, options);
}

/** Imported only when it is used: Kubernetes' client takes half a second and 90 MB. */
async function openTekton(settings: Settings, { log }: OpenEngineOptions): Promise<OpenedEngine> {
  const { operator, appId, data } = settings;
  const { loadKubeConfig } = await import('./tekton/kube-config.ts');
  const { createTektonEngine } = await import('./tekton/tekton-engine.ts');
  const { openLeadership } = await import('./tekton/open-leadership.ts');
  const kubeConfig = loadKubeConfig();
  const engine = createTektonEngine({
    kubeConfig,
    namespaces: namespacesOf(operator),
    clock,
    log,
    startTimeoutMs: operator.startTimeout * 1000,
  });
  const { namespace } = operator;
  const leadership = openLeadership({ kubeConfig, namespace, appId, data, clock, log });
  return { engine, slots: Number.POSITIVE_INFINITY, leadership, close: async () => {} };
}

async function openLocal(settings: Settings, { log, runtime }: OpenEngineOptions): Promise<OpenedEngine> {
  const slots = Math.max(2, availableParallelism());
  const engine = createLocalEngine({
    directory: settings.data,
    concurrency: slots,
    held: true,
    runtime: runtime ?? (await findRuntime(settings)),
    clock,
    log,
  });
  await engine.ready();
  return { engine, slots, leadership: SOLE_LEADERSHIP, close: () => engine.close() };
}

/** On the machine itself steps could read the server's memory, so that is never chosen but by name. */
async function findRuntime({ localRuntime, runtimeEnvironment, data }: Settings): Promise<Runtime> {
  const chosen = await chooseRuntime({
    candidates: localRuntime === 'auto' ? ['podman', 'docker'] : [localRuntime],
    environment: runtimeEnvironment,
    directory: data,
  });
  if (chosen !== null) return chosen.runtime;
  throw new UserError(
    'runtime-missing',
    `tekton-ci cannot start: ${localRuntime === 'auto' ? 'neither podman nor docker' : `no ${localRuntime}`} answers on this machine. ` +
      'Install and start one, or set TEKTON_CI_LOCAL_RUNTIME=host to run the commands of repositories as the user that runs tekton-ci.',
  );
}
