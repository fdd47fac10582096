import type { Rendered } from './helm.ts';

/** The one object of a kind, and of a name where the kind has several. */
export function only(documents: readonly Rendered[], kind: string, name?: string): Rendered {
  const found = documents.filter(
    (one) => one.kind === kind && (name ?? one.metadata.name) === one.metadata.name,
  );
  if (found.length !== 1) throw new Error(`${found.length} objects are a ${kind} ${name ?? ''}`);
  return found[0]!;
}

/** What of the server's pod the tests look at. */
export interface Pod {
  readonly serviceAccountName: string;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: object;
  readonly volumes: readonly { readonly name: string }[];
  readonly containers: readonly Container[];
}

export interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Deployment {
  readonly replicas: number;
  readonly strategy: object;
  readonly template: { readonly metadata: Rendered['metadata']; readonly spec: Pod };
}

export function deploymentOf(documents: readonly Rendered[]): Deployment {
  return only(documents, 'Deployment').spec as Deployment;
}

export function podOf(documents: readonly Rendered[]): Pod {
  return deploymentOf(documents).template.spec;
}

export function containerOf(documents: readonly Rendered[]): Container {
  return podOf(documents).containers[0]!;
}
