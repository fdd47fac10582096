import type { EmbeddedTask, PipelineTask, WorkspaceBinding } from './pipeline-run.ts';

const CLAIM = 'claim';

export interface Bound {
  readonly workspaces: readonly WorkspaceBinding[];
  readonly tasks: readonly PipelineTask[];
  readonly finally: readonly EmbeddedTask[];
}

/**
 * Binds a claim that several workspaces use once, as `claim`, and has the tasks name their folders of it. Tekton's affinity assistant
 * knows a claim by one workspace only: pods that use another workspace of the claim wait for a node that never comes.
 * https://github.com/tektoncd/pipeline/blob/v1.15.0/pkg/reconciler/pipelinerun/affinity_assistant.go
 */
export function oneWorkspaceAClaim({ workspaces, tasks, finally: last }: Bound): Bound {
  const claims = workspaces.flatMap((binding) => claimOf(binding) ?? []);
  const shared = workspaces.filter((binding) => {
    const claim = claimOf(binding);
    return claim !== undefined && claims.indexOf(claim) !== claims.lastIndexOf(claim);
  });
  const [first] = shared;
  if (first?.persistentVolumeClaim === undefined) return { workspaces, tasks, finally: last };
  const folders = new Map(shared.map(({ name, subPath }) => [name, subPath]));
  const { persistentVolumeClaim } = first;
  return {
    workspaces: [
      { name: CLAIM, persistentVolumeClaim },
      ...workspaces.filter(({ name }) => !folders.has(name)),
    ],
    tasks: tasks.map((task) => ('taskSpec' in task ? below(task, folders) : task)),
    finally: last.map((task) => below(task, folders)),
  };
}

function claimOf({ persistentVolumeClaim }: WorkspaceBinding): string | undefined {
  return persistentVolumeClaim?.claimName;
}

function below(task: EmbeddedTask, folders: ReadonlyMap<string, string | undefined>): EmbeddedTask {
  const workspaces = task.workspaces?.map((used) => {
    const subPath = folders.get(used.workspace);
    return subPath === undefined ? used : { name: used.name, workspace: CLAIM, subPath };
  });
  return workspaces === undefined ? task : { ...task, workspaces };
}
