import type { RunStatus } from '../../core/pipeline/run-status.ts';
import { listField, textField } from './fields.ts';

export type ImageResults = Extract<RunStatus, { phase: 'done' }>['results'];

/**
 * The image that a PipelineRun or a TaskRun says it made. Only results that its spec declares count: a step can write any result into its
 * termination message, and Tekton keeps also those that nobody asked for. A run that pushes nothing declares none.
 * https://github.com/tektoncd/pipeline/blob/v1.15.0/pkg/pod/status.go
 */
export function readImageResults(object: unknown, spec: 'pipelineSpec' | 'taskSpec'): ImageResults {
  const value = (wanted: string) => {
    const isWanted = (result: unknown) => textField(result, 'name') === wanted;
    if (!listField(object, 'spec', spec, 'results').some(isWanted)) return undefined;
    return textField(listField(object, 'status', 'results').find(isWanted), 'value')?.trim();
  };
  const imageUrl = value('IMAGE_URL');
  const imageDigest = value('IMAGE_DIGEST');
  return {
    ...(imageUrl ? { imageUrl } : {}),
    ...(imageDigest ? { imageDigest } : {}),
  };
}
