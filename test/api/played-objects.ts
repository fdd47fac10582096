import type { KubeClient, KubeRequest } from '../../src/tekton/kube-client.ts';
import { statusOf } from '../../src/tekton/kube-error.ts';
import { MERGE_PATCH, pathOf, type Resource } from '../../src/tekton/resources.ts';
import type { KubeObject } from './world.ts';

/** Where the controllers that are played write. */
export interface Place {
  readonly admin: KubeClient;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

export const RETRY_MS = 100;

export function childMetadata(pipelineRun: KubeObject, task: string) {
  const { name, uid, labels } = pipelineRun.metadata;
  return {
    name: `${name}-${task}`,
    labels: { ...labels, 'tekton.dev/pipelineRun': name, 'tekton.dev/pipelineTask': task },
    ownerReferences: [{ apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', name, uid, controller: true }],
  };
}

export function condition(status: string, reason: string): object {
  return { type: 'Succeeded', status, reason, message: reason, lastTransitionTime: now() };
}

/** Writes into the status of an object. */
export async function change(place: Place, resource: Resource, name: string, status: object): Promise<void> {
  await insist(place, {
    method: 'PATCH',
    path: pathOf(resource, place.namespace, name, 'status'),
    contentType: MERGE_PATCH,
    body: { status },
  });
}

export async function removeNow(place: Place, resource: Resource, name: string): Promise<void> {
  const path = pathOf(resource, place.namespace, name);
  await insist(place, { method: 'DELETE', path, query: { gracePeriodSeconds: 0 } });
}

/** Until the API server has done it; null for something that is gone, or there already. */
export async function insist({ admin, signal }: Place, request: KubeRequest): Promise<KubeObject> {
  for (;;) {
    try {
      return await admin.request(request);
    } catch (error) {
      const status = statusOf(error);
      if (status === 404 || (status === 409 && request.method === 'POST')) return null;
      if (status !== null && status < 500 && status !== 409 && status !== 429) throw error;
      signal.throwIfAborted();
      await pause(RETRY_MS);
    }
  }
}

/** Kubernetes' times are of whole seconds. */
export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
