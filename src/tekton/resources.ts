import type { ObservedKind } from './status/run-record.ts';

/** A kind of object as the API server addresses it. */
export interface Resource {
  readonly kind: ObservedKind | 'Secret' | 'Lease';
  readonly group: string;
  readonly plural: string;
}

export const PIPELINE_RUNS = {
  kind: 'PipelineRun',
  group: '/apis/tekton.dev/v1',
  plural: 'pipelineruns',
} as const satisfies Resource;

export const TASK_RUNS = {
  kind: 'TaskRun',
  group: '/apis/tekton.dev/v1',
  plural: 'taskruns',
} as const satisfies Resource;

export const CUSTOM_RUNS = {
  kind: 'CustomRun',
  group: '/apis/tekton.dev/v1beta1',
  plural: 'customruns',
} as const satisfies Resource;

export const PODS = { kind: 'Pod', group: '/api/v1', plural: 'pods' } as const satisfies Resource;

export const SECRETS = { kind: 'Secret', group: '/api/v1', plural: 'secrets' } as const satisfies Resource;

export const LEASES = {
  kind: 'Lease',
  group: '/apis/coordination.k8s.io/v1',
  plural: 'leases',
} as const satisfies Resource;

/** What a status is made of. */
export const OBSERVED = [PIPELINE_RUNS, TASK_RUNS, CUSTOM_RUNS, PODS] as const;

/** Tekton hands the labels of a PipelineRun on to its TaskRuns, CustomRuns and pods, but says of pods that it manages them itself. */
export const OURS = 'tekton-ci.dev/sha';

export const MERGE_PATCH = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';

export function pathOf(resource: Resource, namespace: string, ...rest: readonly string[]): string {
  const parts = ['namespaces', namespace, resource.plural, ...rest].map(encodeURIComponent);
  return [resource.group, ...parts].join('/');
}
