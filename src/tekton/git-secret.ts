import type { RunCredentials } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { gitSecretName } from '../core/pipeline/workspaces.ts';
import type { KubeClient, KubeRequest } from './kube-client.ts';
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

/** Another server may delete it again and again; whoever asked comes again then. */
const MOST_TRIES = 3;

/** Makes the Secret with the run's git token, or brings the one that is there up to date: it is never read. */
export async function putGitSecret(client: KubeClient, owner: Owner, git: GitCredentials): Promise<void> {
  const { name, namespace } = owner;
  const body = gitSecret(owner, git);
  const make: KubeRequest = { method: 'POST', path: pathOf(SECRETS, namespace), body };
  const replace: KubeRequest = { method: 'PUT', path: pathOf(SECRETS, namespace, gitSecretName(name)), body };
  for (let tries = 1; ; tries += 1) {
    if (await isDone(client, make, 409)) return;
    // It may be deleted in between.
    if (await isDone(client, replace, tries < MOST_TRIES ? 404 : null)) return;
  }
}

/** False for this one refusal. */
async function isDone(client: KubeClient, request: KubeRequest, refusal: number | null): Promise<boolean> {
  try {
    await client.request(request);
    return true;
  } catch (error) {
    if (refusal === null || statusOf(error) !== refusal) throw error;
    return false;
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
