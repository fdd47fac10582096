import type { ChildProcess } from 'node:child_process';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { EmbeddedTask, TaskStep } from '../core/pipeline/pipeline-run.ts';
import type { Stage } from '../core/pipeline/run.ts';
import { exitCodeOf, openGate, startGated } from './attached-process.ts';
import { findPidNamespace } from './pid-namespace.ts';
import { endGroup, signalGroup } from './process-group.ts';
import type { Runtime, StepLaunch } from './runtime.ts';

export interface HostRuntimeOptions {
  /** `PATH` of the steps. */
  readonly path: string;
  /** False leaves process-id namespaces out even where they work; children that leave their group then outlive a step. */
  readonly namespaces?: boolean;
}

/**
 * Runs steps as processes of this machine: the image is not used, and the log says so. A step gets its own process group, a process-id
 * namespace where the machine allows one, nothing of the server's environment and none of its open files; but it is the server's own user.
 */
export function createHostRuntime({ path, namespaces = true }: HostRuntimeOptions): Runtime {
  let prefix: Promise<readonly string[]> | undefined;
  return {
    containers: false,
    refuse,
    async runStep(launch) {
      prefix ??= namespaces ? findPidNamespace() : Promise.resolve([]);
      return runStep(launch, path, await prefix);
    },
    endLeftover: (process) => endGroup(process, LEFTOVER_GRACE),
  };
}

/** Milliseconds: a start of the server waits for this. */
const LEFTOVER_GRACE = 1000;

function refuse(task: EmbeddedTask, stageOf: (step: string) => Stage | undefined): string | null {
  const { steps, sidecars = [], volumes = [], workspaces = [] } = task.taskSpec;
  const named = `task ${task.name}`;
  if (sidecars.length > 0)
    return (
      `${named} has the services ${sidecars.map(({ name }) => name).join(', ')}, which need containers; ` +
      'install podman or docker, or leave them out and run them on this machine yourself'
    );
  if (volumes.length > 0)
    return `${named} mounts the volumes ${volumes.map(({ name }) => name).join(', ')}, which needs containers`;
  const mounted = workspaces.find(({ mountPath }) => mountPath !== undefined);
  if (mounted !== undefined)
    return `${named} has its workspace ${mounted.name} at ${mounted.mountPath}, which needs containers`;
  return steps.map((step) => refuseStep(named, step, stageOf(step.name))).find((why) => why !== null) ?? null;
}

function refuseStep(task: string, { name, script, command }: TaskStep, stage?: Stage): string | null {
  const named = `step ${name} of ${task}`;
  if (stage === 'image' || stage === 'deploy') return `${named}: the stage ${stage} needs containers`;
  if (script === undefined && (command ?? []).length === 0)
    return `${named}: it has neither a script nor a command, and the image's entrypoint is not known on this machine`;
  return null;
}

async function runStep(launch: StepLaunch, path: string, prefix: readonly string[]): Promise<number> {
  const log = await open(launch.logFile, 'a', 0o600);
  try {
    await log.write(`tekton-ci: running on this machine; the image ${launch.image} is not used\n`);
    if (!(await hasWorkingDir(workingDirOf(launch), launch.directory))) {
      await log.write(`tekton-ci: the working directory ${workingDirOf(launch)} does not exist\n`);
      return CANNOT_EXECUTE;
    }
    return await runProcess(start(launch, path, prefix, log), launch);
  } finally {
    await log.close();
  }
}

/** What shells say of a command that is there and cannot be run. */
const CANNOT_EXECUTE = 126;

function workingDirOf({ workingDir, directory }: StepLaunch): string {
  return workingDir ?? directory;
}

/** Inside the task's directory it is made, as Tekton makes those under `/workspace`. */
async function hasWorkingDir(workingDir: string, directory: string): Promise<boolean> {
  const inside = relative(directory, workingDir);
  if (!inside.startsWith('..') && !isAbsolute(inside))
    await mkdir(workingDir, { recursive: true }).catch(() => {});
  return stat(workingDir).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function start(launch: StepLaunch, path: string, prefix: readonly string[], log: FileHandle): ChildProcess {
  return startGated({
    argv: [...prefix, ...launch.command, ...launch.args],
    cwd: workingDirOf(launch),
    env: {
      PATH: path,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      HOME: join(launch.directory, 'home'),
      TMPDIR: join(launch.directory, 'tmp'),
      ...Object.fromEntries(launch.env),
    },
    log,
  });
}

async function runProcess(child: ChildProcess, launch: StepLaunch): Promise<number> {
  const exited = exitCodeOf(child);
  const { pid } = child;
  if (pid === undefined) {
    await exited;
    throw new Error('the step could not be started');
  }
  const terminate = () => signalGroup(pid, 'SIGTERM');
  const kill = () => signalGroup(pid, 'SIGKILL');
  try {
    launch.stop.addEventListener('abort', terminate);
    launch.kill.addEventListener('abort', kill);
    await openGate(child, launch.onProcess);
    if (launch.stop.aborted) terminate();
    if (launch.kill.aborted) kill();
    return await exited;
  } finally {
    launch.stop.removeEventListener('abort', terminate);
    launch.kill.removeEventListener('abort', kill);
    // What the step left behind in its group; also the gate, when its record could not be written.
    kill();
  }
}
