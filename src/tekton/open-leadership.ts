import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Leadership } from '../app/leadership.ts';
import type { Clock, Log } from '../app/ports.ts';
import { createKubeClient } from './kube-client.ts';
import { createLeaseLeadership } from './lease-leadership.ts';

export interface OpenLeadershipOptions {
  readonly kubeConfig: KubeConfig;
  /** Of the Lease, where neither the pod nor the kubeconfig names one. */
  readonly namespace: string;
  /** Replicas of one GitHub App elect one of themselves, beside those of another App. */
  readonly appId: number;
  /** Absolute path of the server's folder. */
  readonly data: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const NAMESPACE_OF_POD = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** Half of the time that a lease may go unrenewed: a request that is lost must leave time for another. */
const REQUEST_TIMEOUT_MS = 5_000;

/** Has one of the servers of a GitHub App lead, by the Lease `tekton-ci-<app id>`. */
export function openLeadership({
  kubeConfig,
  namespace,
  appId,
  data,
  clock,
  log,
}: OpenLeadershipOptions): Leadership {
  return createLeaseLeadership({
    client: createKubeClient(kubeConfig, REQUEST_TIMEOUT_MS),
    namespace: namespaceOfPod() ?? (currentNamespace(kubeConfig) || namespace),
    name: `tekton-ci-${appId}`,
    // No two that live at once share a folder of one host, and a pod is one. Who starts again there need not wait for itself.
    identity: `${hostname()}:${data}`,
    clock,
    log,
  });
}

function currentNamespace(kubeConfig: KubeConfig): string | undefined {
  return kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace;
}

function namespaceOfPod(): string | undefined {
  try {
    return readFileSync(NAMESPACE_OF_POD, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
