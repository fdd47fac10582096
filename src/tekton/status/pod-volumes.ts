import { readCondition } from './condition.ts';
import { field, listField, textField } from './fields.ts';

/** What a pod waits for whose node has taken it, but cannot begin with it. */
export interface AwaitedVolumes {
  readonly since: Date;
  /** Those that somebody has to provide, in words: `Secret acme-registry`. Never empty. */
  readonly names: readonly string[];
}

/**
 * Null for a pod that goes on, and for one that needs no volume of somebody's. The kubelet tells nobody which volume is missing but by an
 * event, which nobody here may read. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-has-network
 */
export function awaitedVolumes(object: unknown): AwaitedVolumes | null {
  const scheduled = readCondition(object, 'PodScheduled');
  const isTaken = scheduled?.status === 'True' && textField(object, 'status', 'phase') === 'Pending';
  if (!isTaken || readCondition(object, 'PodReadyToStartContainers')?.status !== 'False') return null;
  const names = listField(object, 'spec', 'volumes').flatMap(namesIn);
  if (scheduled.since === undefined || names.length === 0) return null;
  return { since: scheduled.since, names: [...new Set(names)] };
}

function namesIn(volume: unknown): readonly string[] {
  const claim = textField(volume, 'persistentVolumeClaim', 'claimName');
  return [
    ...named('Secret', field(volume, 'secret'), 'secretName'),
    ...named('ConfigMap', field(volume, 'configMap'), 'name'),
    ...(claim === undefined ? [] : [`claim ${claim}`]),
    ...listField(volume, 'projected', 'sources').flatMap((source) => [
      ...named('Secret', field(source, 'secret'), 'name'),
      ...named('ConfigMap', field(source, 'configMap'), 'name'),
    ]),
  ];
}

/** Kubernetes puts this one into every namespace by itself. */
const OWN = 'kube-root-ca.crt';

function named(kind: string, source: unknown, key: string): readonly string[] {
  const name = textField(source, key);
  return name === undefined || name === OWN || field(source, 'optional') === true ? [] : [`${kind} ${name}`];
}
