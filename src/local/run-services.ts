import { appendFile, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Probe, Sidecar, TaskStep } from '../core/pipeline/pipeline-run.ts';
import { hostsOf } from './container-settings.ts';
import type { Execution } from './execution.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import { prepareContainer } from './prepare-step.ts';
import type { PreparedTask } from './prepare-task.ts';
import { serviceLogPath } from './run-paths.ts';
import type { ContainerLaunch, Services } from './runtime.ts';
import { guardLog } from './step-log.ts';

/** The services of a task that is executed. */
export interface RunningServices {
  /** For `StepLaunch.network`. */
  readonly network: string;
  /** Says in a step's log which services have ended by themselves since the last call, and with which last words. */
  report(logFile: string): Promise<void>;
  end(): Promise<void>;
}

export interface WaitForServices {
  readonly stop: AbortSignal;
  /** Told once a service did not answer its probe as often as that allows. */
  readonly onBlocked: (detail: string) => Promise<void>;
}

/**
 * Starts the services of a task and waits until each answers its probe or has ended, as Tekton does, however long that takes; null
 * for a task without any. Resolves also when it is stopped meanwhile. Rejects when a service cannot be started at all.
 */
export async function startServices(
  execution: Execution,
  prepared: PreparedTask,
  wait: WaitForServices,
): Promise<RunningServices | null> {
  const { sidecars = [], steps } = prepared.task.taskSpec;
  if (sidecars.length === 0 || wait.stop.aborted) return null;
  const launches = await Promise.all(sidecars.map((sidecar) => prepareService(execution, prepared, sidecar)));
  const guards = launches.map(({ logFile }) => guardLog(logFile));
  const finishLogs = () => Promise.all(guards.map((guard) => guard.finish()));
  try {
    const services = await execution.runtime.startServices?.({
      services: launches,
      holder: holderImage(steps),
      stop: wait.stop,
    });
    if (services === undefined) throw new InfrastructureError('EngineError', 'services need containers');
    const running = follow(services, launches, finishLogs);
    await waitUntilReady(services, sidecars, { ...wait, logOf: (name) => logOf(launches, name) });
    return running;
  } catch (error) {
    await finishLogs();
    throw error;
  }
}

function follow(
  services: Services,
  launches: readonly ContainerLaunch[],
  finishLogs: () => Promise<unknown>,
): RunningServices {
  const reported = new Set<string>();
  return {
    network: services.network,
    async report(logFile) {
      for (const { name, logFile: own } of launches) {
        const exitCode = reported.has(name) ? null : await services.exitCode(name);
        if (exitCode === null) continue;
        reported.add(name);
        const words = (await lastLines(own)).replaceAll('\n', '\ntekton-ci: ');
        await appendFile(
          logFile,
          `tekton-ci: the service ${name} ended before the steps did, with exit code ${exitCode}${words}\n`,
        );
      }
    },
    async end() {
      await services.end();
      await finishLogs();
    },
  };
}

async function prepareService(
  { pipelineRun, paths, secrets, run }: Execution,
  prepared: PreparedTask,
  sidecar: Sidecar,
) {
  const { task } = prepared;
  const visible = prepared.workspaces.filter(({ secret }) => secret === undefined);
  return {
    ...(await prepareContainer(sidecar, prepared, { secrets, visible })),
    run: run().name,
    task: task.name,
    resources: sidecar.computeResources ?? {},
    hosts: [
      ...hostsOf(pipelineRun, task.name),
      { ip: '127.0.0.1', hostnames: (task.taskSpec.sidecars ?? []).map(({ name }) => name) },
    ],
    logFile: serviceLogPath(paths, task.name, sidecar.name),
  };
}

/** One with a shell, if there is any: those whose script names no other interpreter. */
function holderImage(steps: readonly TaskStep[]): string {
  const withShell = steps.find(
    ({ script }) => script !== undefined && /^(?!#!)|^#!\/bin\/(ba)?sh\b/.test(script),
  );
  return (withShell ?? steps[0])?.image ?? '';
}

type Wait = WaitForServices & { readonly logOf: (service: string) => Promise<string> };

async function waitUntilReady(services: Services, sidecars: readonly Sidecar[], wait: Wait): Promise<void> {
  await Promise.all(
    sidecars.map(async ({ name, readinessProbe: probe }) => {
      if (probe !== undefined) await waitForOne(services, { name, probe }, wait);
    }),
  );
}

async function waitForOne(
  services: Services,
  { name, probe }: { readonly name: string; readonly probe: Probe },
  { stop, onBlocked, logOf }: Wait,
): Promise<void> {
  await pause((probe.initialDelaySeconds ?? 0) * 1000, stop);
  for (let failures = 1; !stop.aborted; failures += 1) {
    if ((await services.isReady(name, probe)) || (await services.exitCode(name)) !== null) return;
    if (failures === (probe.failureThreshold ?? FAILURES))
      await onBlocked(`the service ${name} is not ready yet${await logOf(name)}`);
    await pause(periodOf(probe), stop);
  }
}

/** Kubernetes' default: https://kubernetes.io/docs/concepts/workloads/pods/probes/ */
const FAILURES = 3;

/** Milliseconds. Kubernetes' default is ten seconds, for which nobody wants to wait on one's own machine. */
function periodOf({ periodSeconds = 1 }: Probe): number {
  return Math.min(periodSeconds, 1) * 1000;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {});
}

async function logOf(launches: readonly ContainerLaunch[], service: string): Promise<string> {
  const launch = launches.find(({ name }) => name === service);
  return launch === undefined ? '' : lastLines(launch.logFile);
}

const LAST_LINES = 10;

/** `: ` and the last lines of a log; empty when there are none. */
async function lastLines(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  return lines === '' ? '' : `:\n${lines}`;
}
