import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import fc from 'fast-check';
import type { Log, ObservedRun } from '../../src/app/ports.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import type {
  CustomTask,
  EmbeddedTask,
  PipelineRunSpec,
  PipelineTask,
  TaskSpec,
  TaskStep,
  WorkspaceBinding,
} from '../../src/core/pipeline/pipeline-run.ts';
import type { PlacedStep, Run, Stage, StepRef } from '../../src/core/pipeline/run.ts';
import type { RunStatus } from '../../src/core/pipeline/run-status.ts';
import { createHostRuntime, type HostRuntimeOptions } from '../../src/local/host-runtime.ts';
import {
  createLocalEngine,
  type LocalEngine,
  type LocalEngineOptions,
} from '../../src/local/local-engine.ts';

export type DoneStatus = Extract<RunStatus, { phase: 'done' }>;

/** Ours, for tests that need no more than the programs every machine has. */
export const PATH = '/usr/local/bin:/usr/bin:/bin';

const open: { engines: LocalEngine[]; mounts: string[]; directories: string[] } = {
  engines: [],
  mounts: [],
  directories: [],
};

afterEach(async () => {
  for (const engine of open.engines.splice(0)) {
    engine.kill();
    await engine.close();
  }
  for (const path of open.mounts.splice(0)) execFileSync('umount', ['--lazy', path]);
  for (const directory of open.directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-ci-local-'));
  open.directories.push(directory);
  return directory;
}

/** A directory on a disk of 256 KiB, where we may mount one. */
export async function smallDisk(): Promise<string> {
  const directory = await temporaryDirectory();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory]);
  open.mounts.push(directory);
  return directory;
}

export interface LogLine {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

/** A log that remembers. */
export function recordingLog(lines: LogLine[] = []): Log & { readonly lines: LogLine[] } {
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => recordingLog(lines),
  };
}

export interface Observer {
  /** Everything that the engine said of a run, in order. */
  readonly seen: readonly ObservedRun[];
  statuses(name: string): readonly RunStatus[];
  /** Resolves with the first status of the run, seen already or to come, for which the condition holds. */
  until(name: string, condition: (status: RunStatus) => boolean): Promise<RunStatus>;
  done(name: string): Promise<DoneStatus>;
  stop(): void;
}

export function observe(engine: LocalEngine): Observer {
  const controller = new AbortController();
  const seen: ObservedRun[] = [];
  const listeners = new Set<() => void>();
  void engine.watch((run) => {
    seen.push(run);
    for (const listener of listeners) listener();
  }, controller.signal);
  const statuses = (name: string) => seen.filter((run) => run.name === name).map(({ status }) => status);
  const until = (name: string, condition: (status: RunStatus) => boolean) =>
    new Promise<RunStatus>((resolve, reject) => {
      const late = setTimeout(() => {
        const last = JSON.stringify(statuses(name).at(-1));
        reject(new Error(`run ${name} did not get there within the deadline; its last status: ${last}`));
      }, 20_000);
      const check = () => {
        const status = statuses(name).find(condition);
        if (status === undefined) return;
        listeners.delete(check);
        clearTimeout(late);
        resolve(status);
      };
      listeners.add(check);
      check();
    });
  return {
    seen,
    statuses,
    until,
    async done(name) {
      return (await until(name, ({ phase }) => phase === 'done')) as DoneStatus;
    },
    stop: () => controller.abort(),
  };
}

/** Polls until the condition holds; fails after the deadline. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  milliseconds = 15_000,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so within ${milliseconds} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export interface TestEngine {
  readonly engine: LocalEngine;
  readonly directory: string;
  readonly observer: Observer;
  readonly log: ReturnType<typeof recordingLog>;
}

export async function startEngine(
  options: Partial<LocalEngineOptions> & { host?: Partial<HostRuntimeOptions> } = {},
): Promise<TestEngine> {
  const { host, ...rest } = options;
  const directory = options.directory ?? (await temporaryDirectory());
  const log = recordingLog();
  const engine = createLocalEngine({
    concurrency: 4,
    runtime: createHostRuntime({ path: PATH, ...host }),
    log,
    killAfter: 300,
    ...rest,
    directory,
  });
  open.engines.push(engine);
  await engine.ready();
  return { engine, directory, observer: observe(engine), log };
}

/** A step of a task, given by its name and script, or whole. */
export function step(name: string, script: string, more: Partial<TaskStep> = {}): TaskStep {
  return { name, image: 'golang:1.25', script, ...more };
}

export function task(
  name: string,
  steps: readonly TaskStep[],
  more: Partial<Omit<EmbeddedTask, 'taskSpec'>> & { taskSpec?: Partial<TaskSpec> } = {},
): EmbeddedTask {
  return { name, ...more, taskSpec: { ...more.taskSpec, steps } };
}

export interface RunParts {
  readonly name?: string;
  readonly key?: string;
  readonly tasks: readonly PipelineTask[];
  readonly finally?: readonly EmbeddedTask[];
  readonly workspaces?: readonly WorkspaceBinding[];
  readonly spec?: Partial<PipelineRunSpec>;
  readonly results?: readonly { name: string; value: string }[];
}

const STAGE_NAMES = ['clone', 'test', 'build', 'image', 'deploy'];

/** A run of these tasks; steps named after a stage stand for it, those of a further task as a variant. */
export function makeRun(parts: RunParts): Run {
  const { name = 'a-run', key = name, tasks, workspaces, spec, results } = parts;
  const last = parts.finally === undefined ? {} : { finally: parts.finally };
  const steps = placedSteps([...tasks, ...(parts.finally ?? [])]);
  return {
    name,
    key: {
      repositoryId: 1,
      project: '.',
      sha: '0123456789012345678901234567890123456789',
      tag: null,
      purpose: 'verify',
      trust: 'trusted',
      base: null,
      attempt: 1,
    },
    steps,
    pipelineRun: {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: {
        name,
        namespace: 'ci',
        labels: {},
        annotations: { [ANNOTATION.key]: key, [ANNOTATION.steps]: JSON.stringify(steps) },
      },
      spec: {
        ...(workspaces === undefined ? {} : { workspaces }),
        ...spec,
        pipelineSpec: {
          tasks,
          ...last,
          ...(results === undefined ? {} : { results }),
          ...spec?.pipelineSpec,
        },
      },
    },
  };
}

function placedSteps(tasks: readonly PipelineTask[]): readonly PlacedStep[] {
  return tasks.flatMap((one, index) =>
    ('taskSpec' in one ? one.taskSpec.steps : [])
      .filter((candidate) => STAGE_NAMES.includes(candidate.name))
      .map((candidate) => ({
        stage: candidate.name as Stage,
        ...(index === 0 ? {} : { variant: one.name }),
        task: one.name,
        step: candidate.name,
      })),
  );
}

/** The wait before a deploy. */
export function turn(target: string, more: Partial<CustomTask> = {}): CustomTask {
  return {
    name: `turn-${target}`,
    params: [{ name: 'target', value: target }],
    taskRef: { apiVersion: 'tekton-ci.dev/v1', kind: 'Turn' },
    ...more,
  };
}

/** One task `ci` with these scripts as its stages. */
export function simpleRun(scripts: Partial<Record<Stage, string>>, name?: string): Run {
  const steps = Object.entries(scripts).map(([stage, script]) => step(stage, script));
  return makeRun({ ...(name === undefined ? {} : { name }), tasks: [task('ci', steps)] });
}

/** The whole log of a step, followed to its end. */
export async function readLog(engine: LocalEngine, name: string, ref: StepRef): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const { bytes } of engine.logs(name, ref, new AbortController().signal)) chunks.push(bytes);
  return Buffer.concat(chunks).toString('utf8');
}

/** A step's log without the engine's own first line. */
export async function readOutput(engine: LocalEngine, name: string, ref: StepRef): Promise<string> {
  const text = await readLog(engine, name, ref);
  return text.slice(text.indexOf('\n') + 1);
}

/** Any string there can be, lone surrogates too. */
export function anyText(): fc.Arbitrary<string> {
  return fc.array(fc.integer({ max: 0xffff, min: 0 })).map((units) => String.fromCharCode(...units));
}
