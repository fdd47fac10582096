import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EnvVar, Sidecar, TaskStep } from '../core/pipeline/pipeline-run.ts';
import { type EnvEntry, expandEnvironment, expandVariables, secretNames } from './expand-variables.ts';
import { mergeEnv } from './merge-env.ts';
import { mountsOf, type PreparedTask } from './prepare-task.ts';
import { removeTree } from './remove-tree.ts';
import type { ContainerLaunch } from './runtime.ts';
import type { Secrets } from './secrets.ts';
import { type BoundWorkspace, seesWorkspace } from './workspaces.ts';

/** What a step or service is made of by its own spec. */
export type ContainerSpec = Pick<
  ContainerLaunch,
  | 'name'
  | 'image'
  | 'pullPolicy'
  | 'command'
  | 'args'
  | 'env'
  | 'secretEnv'
  | 'workingDir'
  | 'directory'
  | 'mounts'
  | 'securityContext'
>;

/**
 * Turns a step or service whose text is substituted into what its process is made of: the script as a file, the environment and
 * arguments as Kubernetes expands them. Rejects with an `InfrastructureError` when a secret is missing.
 */
export async function prepareContainer(
  container: TaskStep | Sidecar,
  prepared: PreparedTask,
  { secrets, visible }: { secrets: Secrets; visible: readonly BoundWorkspace[] },
): Promise<ContainerSpec> {
  const isStep = prepared.task.taskSpec.steps.some(({ name }) => name === container.name);
  const template = isStep ? (prepared.task.taskSpec.stepTemplate?.env ?? []) : [];
  const entries = await envEntries(mergeEnv(container.env ?? [], template), secrets);
  const env = expandEnvironment(entries);
  const expand = (text: string) => expandVariables(text, env);
  return {
    name: container.name,
    image: container.image,
    ...(container.imagePullPolicy === undefined ? {} : { pullPolicy: container.imagePullPolicy }),
    command:
      container.script === undefined || container.script === ''
        ? (container.command ?? []).map(expand)
        : [await writeScript(container.name, container.script, prepared)],
    args: (container.args ?? []).map(expand),
    env,
    secretEnv: secretNames(entries),
    ...workingDir(container, prepared),
    directory: prepared.paths.directory,
    mounts: prepared.containers ? await mountsOf(prepared, visible, container.volumeMounts ?? []) : [],
    securityContext: container.securityContext ?? {},
  };
}

/** Shows a step the secrets that it alone may see, runs it, and takes them away again. */
export async function withSecretWorkspaces<Result>(
  step: TaskStep,
  { task, workspaces, containers }: PreparedTask,
  { secrets, run }: { secrets: Secrets; run: (visible: readonly BoundWorkspace[]) => Promise<Result> },
): Promise<Result> {
  const shown: string[] = [];
  const visible = workspaces.filter(
    ({ name, secret }) => secret === undefined || seesWorkspace(step, name, task),
  );
  try {
    for (const { folder, secret } of visible) {
      if (secret === undefined) continue;
      shown.push(folder.volume);
      await secrets.layOut(secret, folder.volume, { shared: containers });
    }
    return await run(visible);
  } finally {
    for (const directory of shown) await removeTree(directory);
  }
}

async function envEntries(env: readonly EnvVar[], secrets: Secrets): Promise<readonly EnvEntry[]> {
  const entries: EnvEntry[] = [];
  for (const { name, value = '', valueFrom } of env) {
    if (valueFrom === undefined) entries.push({ name, value });
    else {
      const { name: secret, key } = valueFrom.secretKeyRef;
      entries.push({ name, value: await secrets.read(secret, key), secret: true });
    }
  }
  return entries;
}

/** A relative one is Tekton's: below `/workspace`. */
function workingDir(
  { workingDir: wanted }: TaskStep | Sidecar,
  { containers, paths, view }: PreparedTask,
): { readonly workingDir?: string } {
  if (!containers) return { workingDir: resolve(paths.directory, wanted ?? '.') };
  return wanted === undefined ? {} : { workingDir: resolve(view.workspaces, wanted) };
}

/** Without a first line that names an interpreter, Tekton's own: https://tekton.dev/docs/pipelines/tasks/#running-scripts-within-steps */
async function writeScript(name: string, script: string, { paths, view }: PreparedTask): Promise<string> {
  const text = script.startsWith('#!') ? script : `#!/bin/sh\nset -e\n${script}`;
  await writeFile(join(paths.scripts, name), text, { mode: 0o755 });
  return join(view.scripts, name);
}
