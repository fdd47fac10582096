import type { CheckState } from '../github/check-store.ts';
import type { KubeObject } from './kubernetes.ts';
import { given } from './search-credentials.ts';
import type { PushedCommit, World } from './world.ts';

/** A run that has ended, and what the cluster holds of it. */
export interface Ended {
  readonly check: CheckState;
  readonly log: string;
  readonly pipelineRun: KubeObject;
  readonly taskRuns: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  readonly given: readonly string[];
}

const KINDS = [
  'tekton.dev/v1/pipelineruns',
  'tekton.dev/v1/taskruns',
  'v1/pods',
  'v1/secrets',
  'v1/configmaps',
  'v1/persistentvolumeclaims',
];

/** Waits for the end of a run; a check that waits for an approval is none. */
export async function ended(world: World, pushed: PushedCommit): Promise<Ended> {
  const { kubernetes, at } = world;
  const check = await world.check(
    pushed,
    ({ status, conclusion }) => status === 'completed' && conclusion !== 'action_required',
  );
  const labelSelector = `tekton-ci.dev/sha=${pushed.sha}`;
  const [pipelineRun] = await kubernetes.list(at('tekton.dev/v1/pipelineruns'), { labelSelector });
  return {
    check,
    log: await world.log(check),
    pipelineRun,
    taskRuns: await kubernetes.list(at('tekton.dev/v1/taskruns'), { labelSelector }),
    pods: await kubernetes.list(at('v1/pods'), { labelSelector: `${labelSelector},tekton.dev/taskRun` }),
    given: await given(world, pushed.sha),
  };
}

/** Names of all objects that are of a commit, or speak of it. */
export async function thereIs({ kubernetes, at }: World, sha: string): Promise<string[]> {
  const objects = (await Promise.all(KINDS.map((kind) => kubernetes.list(at(kind))))).flat();
  const isOfIt = (object: KubeObject) =>
    object.metadata.name.includes(sha.slice(0, 7)) || JSON.stringify(object).includes(sha);
  return objects.filter(isOfIt).map(({ metadata }) => metadata.name);
}

/** Flags of kaniko. */
export function imageFlags({ pods }: Ended): string[] {
  const containers: KubeObject[] = pods.flatMap(({ spec }) => spec.containers);
  return containers.find(({ name }) => name === 'step-image').args;
}

export function taskNames({ pipelineRun }: Ended): string[] {
  return pipelineRun.spec.pipelineSpec.tasks.map(({ name }: KubeObject) => name);
}

/** The folder of the cache, as the step says. */
export function cacheOf({ log }: Ended): string {
  return /^@cache (.*)$/m.exec(log)?.[1] ?? 'nowhere';
}

/**
 * Folders of claims that the containers of pods have. Not those of the task that removes the folder of a run in the end, and runs nothing of
 * a repository.
 */
export function foldersOf({ pods }: Ended): string[] {
  const ofRepository = pods.filter(
    ({ metadata }) => metadata.labels['tekton.dev/pipelineTask'] !== 'clean-up',
  );
  const folders = ofRepository.flatMap(({ spec }) => {
    const volumes: KubeObject[] = spec.volumes;
    const claims = volumes.filter((volume) => volume.persistentVolumeClaim).map(({ name }) => name);
    const mounts: KubeObject[] = spec.containers.flatMap((container: KubeObject) => container.volumeMounts);
    return mounts
      .filter(({ name }) => claims.includes(name))
      .map(({ subPath }) => `${subPath ?? 'all of it'}`);
  });
  return [...new Set(folders)].sort();
}
