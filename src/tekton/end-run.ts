import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import { MERGE_PATCH, PIPELINE_RUNS, pathOf } from './resources.ts';
import { hasEnded, readCondition } from './status/condition.ts';
import { field, listField, textField } from './status/fields.ts';
import { formatEnd, parseEnd, type RememberedCause } from './status/remembered-cause.ts';

/**
 * Ends a run, pending or not, and writes down why in the same change; the first cause stays. Nothing happens to a run that has ended,
 * or is gone.
 */
export async function endRun(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: RunName },
  { cause, now }: { readonly cause: RememberedCause; readonly now: Date },
): Promise<void> {
  const path = pathOf(PIPELINE_RUNS, namespace, name);
  const read = () => client.request({ method: 'GET', path });
  try {
    const pipelineRun = await read();
    const change = changeOf(pipelineRun, formatEnd(cause, now));
    if (change === null) return;
    try {
      await client.request({ method: 'PATCH', path, contentType: MERGE_PATCH, body: change });
    } catch (error) {
      // Tekton refuses changes of a run that has ended, as this one may have meanwhile.
      if (!hasEnded(readCondition(await read(), 'Succeeded'))) throw error;
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** Null when nothing is to be done. */
function changeOf(pipelineRun: unknown, cause: string): object | null {
  if (hasEnded(readCondition(pipelineRun, 'Succeeded'))) return null;
  const before = textField(pipelineRun, 'spec', 'status') ?? '';
  const isEnding = before !== '' && before !== 'PipelineRunPending';
  const known = parseEnd(field(pipelineRun, 'metadata', 'annotations', ANNOTATION.cause));
  if (isEnding && known !== null) return null;
  return {
    ...(known === null ? { metadata: { annotations: { [ANNOTATION.cause]: cause } } } : {}),
    ...(isEnding ? {} : { spec: { status: endOf(pipelineRun, before) } }),
  };
}

/** A run that has begun still cleans up, if it has anything to clean. https://tekton.dev/docs/pipelines/pipelineruns/#gracefully-cancelling-a-pipelinerun */
function endOf(pipelineRun: unknown, before: string): string {
  const cleansUp = listField(pipelineRun, 'spec', 'pipelineSpec', 'finally').length > 0;
  const hasBegun = before !== 'PipelineRunPending' && field(pipelineRun, 'status', 'startTime') !== undefined;
  return cleansUp && hasBegun ? 'CancelledRunFinally' : 'Cancelled';
}
