import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedTask, Volume, VolumeMount } from '../core/pipeline/pipeline-run.ts';
import { makeFolder } from './folder.ts';
import type { TaskPaths, TaskView } from './run-paths.ts';
import type { Mount } from './runtime.ts';
import type { Secrets } from './secrets.ts';
import type { BoundWorkspace, TaskPlaces } from './workspaces.ts';

/** A task whose folders are made, with its text substituted. */
export interface PreparedTask {
  readonly task: EmbeddedTask;
  readonly paths: TaskPaths;
  readonly view: TaskView;
  readonly workspaces: readonly BoundWorkspace[];
  readonly containers: boolean;
  /** Where the volumes are on this machine, by their names. */
  readonly volumes: ReadonlyMap<string, string>;
}

/** Makes the folders of a task: every `emptyDir` is fresh, as in a pod of its own. Rejects with an `InfrastructureError` when a secret is missing. */
export async function prepareTask(
  task: EmbeddedTask,
  workspaces: readonly BoundWorkspace[],
  { places, secrets }: { places: TaskPlaces; secrets: Secrets },
): Promise<PreparedTask> {
  const { paths, view, containers } = places;
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  for (const folder of [paths.home, paths.tmp, paths.results, paths.scripts, paths.workspaces, paths.volumes])
    await makeFolder({ volume: folder, subPath: '' });
  for (const { folder, secret } of workspaces) if (secret === undefined) await makeFolder(folder);
  const volumes = new Map<string, string>();
  for (const volume of task.taskSpec.volumes ?? [])
    volumes.set(volume.name, await makeVolume(volume, places, secrets));
  return { task, paths, view, workspaces, containers, volumes };
}

async function makeVolume(
  volume: Volume,
  { run, paths, containers }: TaskPlaces,
  secrets: Secrets,
): Promise<string> {
  const { persistentVolumeClaim: claim, secret } = volume;
  if (claim !== undefined)
    return makeFolder({ volume: join(run.sharedClaims, claim.claimName), subPath: '' });
  const path = join(paths.volumes, volume.name);
  if (secret === undefined) return makeFolder({ volume: path, subPath: '' });
  await secrets.layOut(secret.secretName, path, {
    items: secret.items,
    optional: secret.optional,
    shared: containers,
  });
  return path;
}

/** What a container of the task sees of this machine besides its image; `visible` are the workspaces that it may see. */
export async function mountsOf(
  { paths, view, volumes }: PreparedTask,
  visible: readonly BoundWorkspace[],
  volumeMounts: readonly VolumeMount[],
): Promise<readonly Mount[]> {
  const own = [
    { source: paths.workspaces, target: view.workspaces, readOnly: false },
    { source: paths.results, target: view.results, readOnly: false },
    { source: paths.scripts, target: view.scripts, readOnly: true },
  ];
  const mounted: Mount[] = [];
  for (const { folder, target, readOnly } of visible)
    mounted.push({ source: join(folder.volume, folder.subPath), target, readOnly });
  for (const { name, mountPath, subPath = '', readOnly = false } of volumeMounts) {
    const volume = volumes.get(name);
    if (volume === undefined) continue;
    mounted.push({ source: await makeFolder({ volume, subPath }), target: mountPath, readOnly });
  }
  // A folder inside another is mounted after it.
  return [...own, ...mounted.sort((one, other) => one.target.length - other.target.length)];
}
