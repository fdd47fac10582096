import { ours } from './env.ts';
import type { TaskStep, Volume } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';

/** Name of the workspace with the kubeconfig; only the deploy step sees it. */
export const KUBECONFIG = 'kubeconfig';

/** Where every client for Kubernetes looks for the identity of its pod. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Seconds; the kubelet renews it while the pod lives. */
const TOKEN_EXPIRY = 3600;

/** What lets a deploy step, and no other, reach the cluster that it deploys to. */
export interface DeployAccess {
  readonly step: Pick<TaskStep, 'workspaces' | 'volumeMounts'>;
  readonly env: NonNullable<TaskStep['env']>;
  readonly volumes: readonly Volume[];
}

/** A kubeconfig, the token of the deploy's own service account, or nothing: as the operator says. */
export function deployAccess({ settings }: RenderInput): DeployAccess {
  const { deploy } = settings;
  if (deploy === undefined) return { step: {}, env: [], volumes: [] };
  if ('kubeconfig' in deploy) {
    const env = [ours('KUBECONFIG', `$(workspaces.${KUBECONFIG}.path)/config`)];
    return { step: { workspaces: [{ name: KUBECONFIG }] }, env, volumes: [] };
  }
  return {
    step: { volumeMounts: [{ name: 'cluster', mountPath: SERVICE_ACCOUNT, readOnly: true }] },
    env: [],
    volumes: [{ name: 'cluster', projected: { sources: SOURCES } }],
  };
}

/** Name of the service account of deploys; undefined: that of the other tasks. */
export function deployServiceAccount({ settings }: RenderInput): string | undefined {
  const { deploy } = settings;
  return deploy !== undefined && 'serviceAccount' in deploy ? deploy.serviceAccount : undefined;
}

/** What Kubernetes mounts into every container where tokens are not switched off, here into one. */
const SOURCES = [
  { serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_EXPIRY } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  {
    downwardAPI: {
      items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
    },
  },
];
