import { RunConflictError, type RunCredentials } from '../app/ports.ts';
import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { Run } from '../core/pipeline/run.ts';
import { UserError } from '../core/user-error.ts';
import { putGitSecret, renewGitSecret } from './git-secret.ts';
import type { KubeClient } from './kube-client.ts';
import { KubeError, statusOf } from './kube-error.ts';
import { PIPELINE_RUNS, pathOf } from './resources.ts';
import { field, textField } from './status/fields.ts';

/**
 * Makes the PipelineRun, pending, then the Secret that it owns. Whoever calls again goes on where another stopped. Rejects with a
 * `UserError` when Kubernetes refuses the run, with `RunConflictError` when the name is taken by another key.
 */
export async function submitRun(client: KubeClient, run: Run, credentials: RunCredentials): Promise<void> {
  const { name } = run;
  const namespace = namespaceOf(run);
  const { pipelineRun, isNew } = await create(client, run);
  const { git } = credentials;
  if (git === undefined) return;
  if (!isNew) return renewGitSecret(client, { name, namespace, pipelineRun }, git);
  const uid = textField(pipelineRun, 'metadata', 'uid') ?? '';
  await putGitSecret(client, { name, namespace, uid }, git);
}

/** Asks Kubernetes and Tekton's admission whether they would take the run. Rejects with a `UserError` when not; makes nothing. */
export async function validateRun(client: KubeClient, run: Run): Promise<void> {
  try {
    await post(client, run, { dryRun: 'All' });
  } catch (error) {
    // It is there already: whether it is the same one is seen when it is submitted.
    if (!isTaken(error)) throw error;
  }
}

export function namespaceOf({ name, pipelineRun }: Run): string {
  const { namespace } = pipelineRun.metadata;
  if (namespace === undefined) throw new Error(`The PipelineRun of ${name} names no namespace`);
  return namespace;
}

/** Resolves with the PipelineRun, made now or before. */
async function create(
  client: KubeClient,
  run: Run,
): Promise<{ readonly pipelineRun: unknown; readonly isNew: boolean }> {
  try {
    return { pipelineRun: await post(client, run, {}), isNew: true };
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
  const there = await client.request({
    method: 'GET',
    path: pathOf(PIPELINE_RUNS, namespaceOf(run), run.name),
  });
  const key = field(there, 'metadata', 'annotations', ANNOTATION.key);
  if (key === run.pipelineRun.metadata.annotations[ANNOTATION.key])
    return { pipelineRun: there, isNew: false };
  throw new RunConflictError(`There is a run ${run.name} of another key`);
}

async function post(client: KubeClient, run: Run, query: { readonly dryRun?: 'All' }): Promise<unknown> {
  const namespace = namespaceOf(run);
  const { pipelineRun } = run;
  const body = { ...pipelineRun, spec: { ...pipelineRun.spec, status: 'PipelineRunPending' } };
  try {
    return await client.request({
      method: 'POST',
      path: pathOf(PIPELINE_RUNS, namespace),
      query: { fieldValidation: 'Strict', fieldManager: 'tekton-ci', ...query },
      body,
    });
  } catch (error) {
    throw refusal(error, namespace) ?? error;
  }
}

/** A quota that was changed meanwhile answers 409 too, as `Conflict`. */
function isTaken(error: unknown): boolean {
  return error instanceof KubeError && error.reason === 'AlreadyExists';
}

/** What would be refused again tomorrow; null for what may work the next time. */
function refusal(error: unknown, namespace: string): UserError | null {
  if (!(error instanceof KubeError)) return null;
  const says = `Kubernetes refused the run in the namespace ${namespace}: ${error.detail}`;
  switch (statusOf(error)) {
    case 400:
    case 413:
    case 422:
      return new UserError('run-refused', says, { cause: error });
    case 403:
      return new UserError('run-refused', `${says}${isForbidden(error) ? ROLE : ''}`, { cause: error });
    case 404:
      return new UserError('run-refused', `${says} ${NOT_FOUND}`, { cause: error });
    default:
      return null;
  }
}

/** Not a quota, nor an admission plug-in, but the lack of a Role. */
function isForbidden({ detail }: KubeError): boolean {
  return / cannot create resource /.test(detail);
}

const ROLE = '. The operator gives tekton-ci its Role there, as the Helm chart does.';
const NOT_FOUND =
  '(the operator makes the namespace of the operator settings, and installs Tekton Pipelines, v1.9 or newer)';
