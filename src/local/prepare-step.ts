import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PipelineTask, TaskStep, WorkspaceBinding } from '../core/pipeline/pipeline-run.ts';
import { type EnvEntry, expandEnvironment, expandVariables } from './expand-variables.ts';
import { removeTree } from './remove-tree.ts';
import type { TaskPaths } from './run-paths.ts';
import type { StepLaunch } from './runtime.ts';
import type { Secrets } from './secrets.ts';

/** What a step's process is made of. */
export type StepCommand = Pick<StepLaunch, 'image' | 'argv' | 'env' | 'workingDir' | 'directory'>;

/** Makes the folders of a task: every `emptyDir` is fresh, as in a pod of its own. */
export async function prepareTask(
  task: PipelineTask,
  bindings: readonly WorkspaceBinding[],
  paths: TaskPaths,
): Promise<void> {
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  for (const path of [paths.home, paths.tmp, paths.results, paths.scripts, paths.workspaces])
    await mkdir(path);
  for (const { name, binding } of boundWorkspaces(task, bindings)) {
    if (binding.secret === undefined) await mkdir(join(paths.workspaces, name));
  }
}

/**
 * Turns a step whose text is substituted into what its process is made of: the script as a file, the environment and arguments as
 * Kubernetes expands them. Rejects with an `InfrastructureError` when a secret is missing.
 */
export async function prepareStep(step: TaskStep, paths: TaskPaths, secrets: Secrets): Promise<StepCommand> {
  const env = expandEnvironment(await envEntries(step, secrets));
  const expand = (text: string) => expandVariables(text, env);
  const args = (step.args ?? []).map(expand);
  const [program = '', ...fixed] =
    step.script === undefined
      ? (step.command ?? []).map(expand)
      : [await writeScript(join(paths.scripts, step.name), step.script)];
  return {
    image: step.image,
    argv: [program, ...fixed, ...args],
    env,
    workingDir: resolve(paths.directory, step.workingDir ?? '.'),
    directory: paths.directory,
  };
}

/** Shows a step the secrets that it alone may see, runs it, and takes them away again. */
export async function withSecretWorkspaces<Result>(
  options: {
    readonly task: PipelineTask;
    readonly step: TaskStep;
    readonly bindings: readonly WorkspaceBinding[];
    readonly paths: TaskPaths;
    readonly secrets: Secrets;
  },
  run: () => Promise<Result>,
): Promise<Result> {
  const { task, step, bindings, paths, secrets } = options;
  const shown: string[] = [];
  try {
    for (const { name, binding } of boundWorkspaces(task, bindings)) {
      if (binding.secret === undefined || !sees(step, name, task)) continue;
      const directory = join(paths.workspaces, name);
      shown.push(directory);
      await secrets.layOut(binding.secret.secretName, directory);
    }
    return await run();
  } finally {
    for (const directory of shown) await removeTree(directory);
  }
}

/** A workspace that some step of the task names is seen by the steps that name it; else every step sees it. */
function sees(step: TaskStep, workspace: string, { taskSpec }: PipelineTask): boolean {
  const names = ({ workspaces = [] }: TaskStep) => workspaces.some(({ name }) => name === workspace);
  return names(step) || !taskSpec.steps.some(names);
}

function boundWorkspaces(
  task: PipelineTask,
  bindings: readonly WorkspaceBinding[],
): readonly { readonly name: string; readonly binding: WorkspaceBinding }[] {
  return (task.workspaces ?? []).flatMap(({ name, workspace }) => {
    const binding = bindings.find((candidate) => candidate.name === workspace);
    return binding === undefined ? [] : [{ name, binding }];
  });
}

async function envEntries({ env = [] }: TaskStep, secrets: Secrets): Promise<readonly EnvEntry[]> {
  const entries: EnvEntry[] = [];
  for (const { name, value = '', valueFrom } of env) {
    entries.push(
      valueFrom === undefined
        ? { name, value }
        : {
            name,
            value: await secrets.read(valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key),
            literal: true,
          },
    );
  }
  return entries;
}

/** Without a first line that names an interpreter, Tekton's own: https://tekton.dev/docs/pipelines/tasks/#running-scripts-within-steps */
async function writeScript(path: string, script: string): Promise<string> {
  const text = script.startsWith('#!') ? script : `#!/bin/sh\nset -e\n${script}`;
  await writeFile(path, text, { mode: 0o700 });
  return path;
}
