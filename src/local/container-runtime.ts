import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, open } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { EmbeddedTask } from '../core/pipeline/pipeline-run.ts';
import { exitCodeOf, openGate, startGated } from './attached-process.ts';
import {
  containerArguments,
  hostArguments,
  identityArguments,
  LABEL,
  SECURITY_FIELDS,
} from './container-arguments.ts';
import { type ContainerCommand, createContainerCommand } from './container-command.ts';
import { containerExitCode } from './container-end.ts';
import { limitArguments } from './container-limits.ts';
import { startContainerServices } from './container-services.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import { endGroup } from './process-group.ts';
import { pullImage } from './pull-image.ts';
import { removeTree } from './remove-tree.ts';
import type { ContainerLaunch, Runtime, StepLaunch } from './runtime.ts';

export interface ContainerRuntimeOptions {
  readonly command: 'podman' | 'docker';
  /** The environment of the command itself: `PATH`, `HOME` and what tells it where its service is. No step sees it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The engine's data directory: containers are found again by it. */
  readonly directory: string;
}

/** What the parts of the runtime share. */
export interface Containers {
  readonly command: ContainerCommand;
  /** Makes a container without starting it. Resolves with its name; rejects with an `InfrastructureError`. */
  create(launch: ContainerLaunch, more: readonly string[], stop: AbortSignal): Promise<string>;
  /** What a container needs besides its launch. */
  arguments(run: string, name: string): Promise<readonly string[]>;
  /** Ends containers and removes them, whether or not they are there. */
  remove(names: readonly string[]): Promise<void>;
}

/**
 * Runs each step in a container of its image, by podman or docker, with nothing of the server's environment. Steps find their folders where
 * Tekton has them. A task with services has one network, held by a container of its own.
 */
export function createContainerRuntime(options: ContainerRuntimeOptions): Runtime {
  const containers = createContainers(options);
  const { command } = containers;
  return {
    containers: true,
    refuse,
    startServices: (launch) => startContainerServices(containers, launch),
    runStep: (launch) => runStep(containers, launch),
    // The container itself is found by its label.
    endLeftover: (process) => endGroup(process, 0),
    endLeftovers: () => removeAll(containers, options.directory),
    async removeTree(path) {
      try {
        await removeTree(path);
      } catch (error) {
        // Files of a container's other users belong to other users here too, without root.
        const { code } = await command.run(['unshare', 'rm', '-rf', '--', path]);
        if (code !== 0) throw error;
      }
    },
  };
}

function createContainers(options: ContainerRuntimeOptions): Containers {
  const command = createContainerCommand(options);
  // SELinux would hide the mounted folders from podman's containers.
  const own = options.command === 'podman' ? ['--security-opt', 'label=disable'] : [];
  // Docker never waits.
  const atOnce = options.command === 'podman' ? ['--time', '0'] : [];
  let limits: Promise<readonly string[]> | undefined;
  const containers: Containers = {
    command,
    async arguments(run, name) {
      limits ??= options.command === 'podman' ? limitArguments() : Promise.resolve([]);
      const identity = identityArguments({ name, data: resolve(options.directory), run });
      return [...identity, ...own, ...(await limits)];
    },
    async create(launch, more, stop) {
      await pullImage(command, launch, stop);
      const name = `${launch.run}.${launch.task}.${launch.name}.${randomBytes(4).toString('hex')}`;
      const { args, environment } = containerArguments(launch);
      const all = ['create', ...(await containers.arguments(launch.run, name)), ...more, ...args];
      const { code, stderr } = await command.run(all, { environment });
      if (code === 0) return name;
      const why = stderr.split('\n').at(-1) ?? '';
      throw new InfrastructureError('CreateContainerError', `${launch.task}.${launch.name}: ${why}`);
    },
    async remove(names) {
      if (names.length > 0) await command.run(['rm', '--force', ...atOnce, '--volumes', ...names]);
    },
  };
  return containers;
}

function refuse({ name: task, taskSpec }: EmbeddedTask): string | null {
  const { steps, sidecars = [] } = taskSpec;
  for (const { name, securityContext = {} } of [...steps, ...sidecars]) {
    const known: readonly string[] = SECURITY_FIELDS;
    const field = Object.keys(securityContext).find((candidate) => !known.includes(candidate));
    if (field !== undefined) return `step ${name} of task ${task} has securityContext.${field}`;
  }
  return null;
}

async function runStep(containers: Containers, launch: StepLaunch): Promise<number> {
  const { network, hosts, stop } = launch;
  const more = network === undefined ? hostArguments(hosts) : ['--network', network];
  await makeWorkingDir(launch);
  try {
    const name = await containers.create(launch, more, stop);
    return await runContainer(containers, name, launch);
  } catch (error) {
    // A pull that was ended, for one.
    if (stop.aborted) return 143;
    throw error;
  }
}

/** Tekton makes those under `/workspace`, which is the first mount. */
async function makeWorkingDir({ workingDir, mounts }: ContainerLaunch): Promise<void> {
  const [workspace] = mounts;
  if (workingDir === undefined || workspace === undefined) return;
  const nearest = mounts
    .filter(({ target, readOnly }) => !readOnly && `${workingDir}/`.startsWith(`${target}/`))
    .sort((one, other) => other.target.length - one.target.length)[0];
  if (nearest === undefined) return;
  await mkdir(join(nearest.source, relative(nearest.target, workingDir)), { recursive: true }).catch(
    () => {},
  );
}

async function runContainer(containers: Containers, name: string, launch: StepLaunch): Promise<number> {
  const { command } = containers;
  const log = await open(launch.logFile, 'a', 0o600);
  const signal = (which: 'TERM' | 'KILL') => void command.run(['kill', '--signal', which, name]);
  const terminate = () => signal('TERM');
  const kill = () => signal('KILL');
  const child = startGated({
    argv: [command.name, 'start', '--attach', name],
    env: command.environment,
    // Podman leaves a file there when a container was out of memory.
    cwd: launch.directory,
    log,
  });
  const exited = exitCodeOf(child);
  try {
    launch.stop.addEventListener('abort', terminate);
    launch.kill.addEventListener('abort', kill);
    if (launch.stop.aborted) return 143;
    await openGate(child, launch.onProcess);
    const exitCode = await exited;
    if (exitCode === 0 || launch.stop.aborted) return exitCode;
    const code = await containerExitCode(command, { container: name, exitCode, logFile: launch.logFile });
    if (code === KILLED && !launch.stop.aborted) await explainKill(launch);
    return code;
  } finally {
    launch.stop.removeEventListener('abort', terminate);
    launch.kill.removeEventListener('abort', kill);
    // One that still waits at its gate goes away.
    child.stdin?.end();
    await log.close();
    await containers.remove([name]);
  }
}

/** 128 + 9: what the kernel does to a container that is over its memory limit. */
const KILLED = 137;

async function explainKill({ resources, logFile }: StepLaunch): Promise<void> {
  const limit = resources.limits?.memory;
  if (limit === undefined) return;
  await appendFile(
    logFile,
    `tekton-ci: the step was killed, most likely because it used more than its memory limit of ${limit}\n`,
  );
}

/** A container that others depend on goes after them. */
const ROUNDS = 5;

async function removeAll(containers: Containers, directory: string): Promise<void> {
  const filter = `label=${LABEL.data}=${resolve(directory)}`;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await containers.command.run(['ps', '--all', '--quiet', '--filter', filter]);
    const names = stdout.split('\n').filter((name) => name !== '');
    if (names.length === 0) return;
    await containers.remove(names);
  }
}
