import { randomBytes } from 'node:crypto';
import { env } from 'node:process';
import type { Kubernetes } from './kubernetes.ts';
import type { ClusterSettings } from './settings.ts';

/** What the namespaces and volumes are known by; the number is of the process that started the tests. */
const TESTED = { 'tekton-ci.dev/test': env.TEST_CLUSTER_RUN ?? '' };

/** The claim that all runs of a test share. */
export const CLAIM = 'source';
/** Who deploys, into the namespace of the runs. */
export const DEPLOYER = 'deployer';

/** Makes a namespace as an operator prepares it: who deploys, and a claim. Resolves with its name. */
export async function makeNamespace(kubernetes: Kubernetes, settings: ClusterSettings): Promise<string> {
  const name = `tekton-ci-test-${randomBytes(3).toString('hex')}`;
  await kubernetes.make('/api/v1/namespaces', { metadata: { name, labels: TESTED } });
  await kubernetes.make(`/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: DEPLOYER } });
  await kubernetes.make(`/apis/rbac.authorization.k8s.io/v1/namespaces/${name}/rolebindings`, {
    metadata: { name: DEPLOYER },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', name: DEPLOYER, namespace: name }],
  });
  await makeClaim(kubernetes, { namespace: name, settings });
  return name;
}

async function makeClaim(
  kubernetes: Kubernetes,
  { namespace, settings }: { readonly namespace: string; readonly settings: ClusterSettings },
): Promise<void> {
  const accessModes = ['ReadWriteOnce'];
  const { hostPath } = settings;
  if (hostPath !== undefined) {
    await kubernetes.make('/api/v1/persistentvolumes', {
      metadata: { name: namespace, labels: TESTED },
      spec: {
        capacity: { storage: '5Gi' },
        accessModes,
        storageClassName: '',
        hostPath: { path: `${hostPath}/${namespace}`, type: 'DirectoryOrCreate' },
      },
    });
  }
  await kubernetes.make(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    metadata: { name: CLAIM },
    spec: {
      accessModes,
      resources: { requests: { storage: '5Gi' } },
      ...(hostPath !== undefined && { storageClassName: '', volumeName: namespace }),
    },
  });
}

export async function removeNamespace(kubernetes: Kubernetes, name: string): Promise<void> {
  await kubernetes.remove(`/api/v1/namespaces/${name}`);
  await kubernetes.remove(`/api/v1/persistentvolumes/${name}`);
}

/** Removes what the tests of one start have left because they were killed, and says what that was. */
export async function removeAll(kubernetes: Kubernetes, run: string): Promise<readonly string[]> {
  const query = { labelSelector: `tekton-ci.dev/test=${run}` };
  const left = await kubernetes.list('/api/v1/namespaces', query);
  const names = left.filter(({ status }) => status.phase === 'Active').map(({ metadata }) => metadata.name);
  for (const name of names) await kubernetes.remove(`/api/v1/namespaces/${name}`);
  for (const { metadata } of await kubernetes.list('/api/v1/persistentvolumes', query))
    await kubernetes.remove(`/api/v1/persistentvolumes/${metadata.name}`);
  return names;
}
