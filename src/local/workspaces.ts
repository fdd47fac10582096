import { join } from 'node:path';
import type { EmbeddedTask, TaskStep, WorkspaceBinding } from '../core/pipeline/pipeline-run.ts';
import type { Folder } from './folder.ts';
import type { RunPaths, TaskPaths, TaskView } from './run-paths.ts';
import { workspaceReferences } from './substitution.ts';

/** A workspace of a task, and where it is. */
export interface BoundWorkspace {
  readonly name: string;
  /** On this machine. */
  readonly folder: Folder;
  /** Where steps find it. */
  readonly target: string;
  readonly readOnly: boolean;
  /** The operator's claim that it is on, if any. */
  readonly claim?: string;
  /** The secret that it shows, if any; the folder is there only while a step that may see it runs. */
  readonly secret?: string;
}

export interface TaskPlaces {
  readonly run: RunPaths;
  readonly paths: TaskPaths;
  readonly view: TaskView;
  readonly containers: boolean;
}

/** An embedded task has the run's workspaces that it declares or only names, also when it is not given them. */
export function inheritWorkspaces(task: EmbeddedTask, bindings: readonly WorkspaceBinding[]): EmbeddedTask {
  const given = task.workspaces ?? [];
  const declared = task.taskSpec.workspaces ?? [];
  const names = new Set([...declared.map(({ name }) => name), ...workspaceReferences(task.taskSpec)]);
  const inherited = [...names].filter(
    (name) => given.every((one) => one.name !== name) && bindings.some((binding) => binding.name === name),
  );
  const undeclared = inherited.filter((name) => declared.every((one) => one.name !== name));
  return {
    ...task,
    workspaces: [...given, ...inherited.map((name) => ({ name, workspace: name }))],
    taskSpec: { ...task.taskSpec, workspaces: [...declared, ...undeclared.map((name) => ({ name }))] },
  };
}

/**
 * Where the workspaces of a task are; its text and the bindings' are substituted. On a machine without containers steps find
 * them where they are.
 */
export function bindWorkspaces(
  task: EmbeddedTask,
  bindings: readonly WorkspaceBinding[],
  places: TaskPlaces,
): readonly BoundWorkspace[] {
  return (task.workspaces ?? []).flatMap(({ name, workspace, subPath }) => {
    const binding = bindings.find((candidate) => candidate.name === workspace);
    if (binding === undefined) return [];
    const declared = task.taskSpec.workspaces?.find((candidate) => candidate.name === name);
    const volume = volumeOf(binding, name, places);
    const folder = { volume, subPath: join(binding.subPath ?? '', subPath ?? '') };
    const mounted = declared?.mountPath ?? join(places.view.workspaces, name);
    return [
      {
        name,
        folder,
        target: places.containers ? mounted : join(volume, folder.subPath),
        readOnly: declared?.readOnly === true || binding.secret !== undefined,
        ...(binding.persistentVolumeClaim === undefined
          ? {}
          : { claim: binding.persistentVolumeClaim.claimName }),
        ...(binding.secret === undefined ? {} : { secret: binding.secret.secretName }),
      },
    ];
  });
}

/** The folder that a claim or an `emptyDir` stands for. */
function volumeOf(binding: WorkspaceBinding, name: string, { run, paths }: TaskPlaces): string {
  if (binding.persistentVolumeClaim !== undefined)
    return join(run.sharedClaims, binding.persistentVolumeClaim.claimName);
  if (binding.volumeClaimTemplate !== undefined) return join(run.claims, binding.name);
  return join(paths.workspaces, name);
}

/** A workspace that some step of the task names is seen by the steps that name it; else every step sees it. */
export function seesWorkspace(step: TaskStep, workspace: string, { taskSpec }: EmbeddedTask): boolean {
  const names = ({ workspaces = [] }: TaskStep) => workspaces.some(({ name }) => name === workspace);
  return names(step) || !taskSpec.steps.some(names);
}
