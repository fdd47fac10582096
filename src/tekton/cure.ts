import { statusOf } from './kube-error.ts';
import type { Resource } from './resources.ts';

/** What the operator has to do about an answer of the API server; null when waiting is all there is. */
export function cureOf(error: unknown, { plural, group }: Resource, namespace: string): string | null {
  switch (statusOf(error)) {
    case 401:
      return 'The API server does not know who tekton-ci is: check the user of the kubeconfig, or the service account of the pod.';
    case 403:
      return `tekton-ci may not work with ${plural} in the namespace ${namespace}: give its user the Role of the Helm chart there.`;
    case 404:
      return group.includes('tekton.dev')
        ? `The cluster knows no ${plural}: install Tekton Pipelines, v1.9 or newer.`
        : null;
    default:
      return null;
  }
}
