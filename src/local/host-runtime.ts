import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { findPidNamespace } from './pid-namespace.ts';
import { endGroup, signalGroup, startTimeOf } from './process-group.ts';
import type { Runtime, StepLaunch, StepToCheck } from './runtime.ts';

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

/** Waits for a line, which never comes when the server has died meanwhile; then becomes the step. */
const GATE = 'read -r go && exec "$@" </dev/null';

function refuse({ stage, task, step, script, command }: StepToCheck): string | null {
  const named = `step ${step} of task ${task}`;
  if (stage === 'image' || stage === 'deploy') return `${named}: the stage ${stage} needs containers`;
  if (script === undefined && (command ?? []).length === 0)
    return `${named}: it has neither a script nor a command, and the image's entrypoint is not known on this machine`;
  return null;
}

async function runStep(launch: StepLaunch, path: string, prefix: readonly string[]): Promise<number> {
  const log = await open(launch.logFile, 'a', 0o600);
  try {
    await log.write(`tekton-ci: running on this machine; the image ${launch.image} is not used\n`);
    if (!(await hasWorkingDir(launch))) {
      await log.write(`tekton-ci: the working directory ${launch.workingDir} does not exist\n`);
      return CANNOT_EXECUTE;
    }
    return await runProcess(startGated(launch, path, prefix, log), launch);
  } finally {
    await log.close();
  }
}

/** What shells say of a command that is there and cannot be run. */
const CANNOT_EXECUTE = 126;

/** Inside the task's directory it is made, as Tekton makes those under `/workspace`. */
async function hasWorkingDir({ workingDir, directory }: StepLaunch): Promise<boolean> {
  const inside = relative(directory, workingDir);
  if (!inside.startsWith('..') && !isAbsolute(inside))
    await mkdir(workingDir, { recursive: true }).catch(() => {});
  return stat(workingDir).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function startGated(
  launch: StepLaunch,
  path: string,
  prefix: readonly string[],
  log: FileHandle,
): ChildProcess {
  return spawn('/bin/sh', ['-c', GATE, 'sh', ...prefix, ...launch.argv], {
    cwd: launch.workingDir,
    env: {
      PATH: path,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      HOME: join(launch.directory, 'home'),
      TMPDIR: join(launch.directory, 'tmp'),
      ...Object.fromEntries(launch.env),
    },
    stdio: ['pipe', log.fd, log.fd],
    // A session and process group of its own, led by this process.
    detached: true,
  });
}

async function runProcess(child: ChildProcess, launch: StepLaunch): Promise<number> {
  // `exit`, not `close`, which may wait for grandchildren. Its arguments: https://nodejs.org/api/child_process.html#event-exit
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
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
    await openGate(child, pid, launch);
    if (launch.stop.aborted) terminate();
    if (launch.kill.aborted) kill();
    const [code, signal] = await exited;
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } finally {
    launch.stop.removeEventListener('abort', terminate);
    launch.kill.removeEventListener('abort', kill);
    // What the step left behind in its group; also the gate, when its record could not be written.
    kill();
  }
}

async function openGate(child: ChildProcess, pid: number, launch: StepLaunch): Promise<void> {
  const startTime = await startTimeOf(pid);
  await launch.onProcess(startTime === null ? null : { pid, startTime });
  // A step that was killed at the gate has closed it.
  child.stdin?.on('error', () => {});
  child.stdin?.end('go\n');
}
