import type { RunCredentials } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { gitSecretName } from '../core/pipeline/workspaces.ts';
import type { KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import { PIPELINE_RUNS, pathOf, SECRETS } from './resources.ts';
import { hasEnded, readCondition } from './status/condition.ts';
import { textField } from './status/fields.ts';

/** The PipelineRun that a Secret goes with. */
export interface Owner {
  readonly name: RunName;
  readonly namespace: string;
  readonly uid: string;
}

type GitCredentials = NonNullable<RunCredentials['git']>;

/** Makes the Secret with the run's git token, or brings the one that is there up to date: it is never read. */
export async function putGitSecret(client: KubeClient, owner: Owner, git: GitCredentials): Promise<void> {
  const { namespace } = owner;
  const body = gitSecret(owner, git);
  try {
    await client.request({ method: 'POST', path: pathOf(SECRETS, namespace), body });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    await client.request({
      method: 'PUT',
      path: pathOf(SECRETS, namespace, gitSecretName(owner.name)),
      body,
    });
  }
}

/**
 * Does that for a run that was there before, `null` for one that is gone. One that begins nothing any more is left without, also when that
 * is so since it was read: its Secret may have been deleted just before it was written.
 */
export async function renewGitSecret(
  client: KubeClient,
  { name, namespace, pipelineRun }: Omit<Owner, 'uid'> & { readonly pipelineRun: unknown },
  git: GitCredentials,
): Promise<void> {
  if (!goesOn(pipelineRun)) return;
  const uid = textField(pipelineRun, 'metadata', 'uid') ?? '';
  await putGitSecret(client, { name, namespace, uid }, git);
  if (!goesOn(await readRun(client, { name, namespace }))) await deleteGitSecret(client, { name, namespace });
}

/** A PipelineRun as it is at the server; null when it is gone. */
export async function readRun(client: KubeClient, { name, namespace }: Omit<Owner, 'uid'>): Promise<unknown> {
  try {
    return await client.request({ method: 'GET', path: pathOf(PIPELINE_RUNS, namespace, name) });
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** What Tekton does in the end of a run that it is told to end needs no token. */
function goesOn(pipelineRun: unknown): boolean {
  const wanted = textField(pipelineRun, 'spec', 'status') ?? '';
  const isWanted = wanted === '' || wanted === 'PipelineRunPending';
  return pipelineRun !== null && isWanted && !hasEnded(readCondition(pipelineRun, 'Succeeded'));
}

/** Nothing happens when it is gone. */
export async function deleteGitSecret(
  client: KubeClient,
  { name, namespace }: Pick<Owner, 'name' | 'namespace'>,
): Promise<void> {
  try {
    await client.request({ method: 'DELETE', path: pathOf(SECRETS, namespace, gitSecretName(name)) });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** Kubernetes removes it with its PipelineRun at the latest. */
function gitSecret({ name, namespace, uid }: Owner, { url, token }: GitCredentials): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: gitSecretName(name),
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'tekton-ci' },
      ownerReferences: [{ apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', name, uid }],
    },
    type: 'Opaque',
    stringData: { url, token },
  };
}
