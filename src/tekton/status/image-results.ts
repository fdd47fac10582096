import type { RunStatus } from '../../core/pipeline/run-status.ts';
import { listField, textField } from './fields.ts';

export type ImageResults = Extract<RunStatus, { phase: 'done' }>['results'];

/** The image that a PipelineRun or a TaskRun says it made. */
export function readImageResults(object: unknown): ImageResults {
  const value = (wanted: string) => {
    const result = listField(object, 'status', 'results').find((each) => textField(each, 'name') === wanted);
    return textField(result, 'value')?.trim();
  };
  const imageUrl = value('IMAGE_URL');
  const imageDigest = value('IMAGE_DIGEST');
  return {
    ...(imageUrl ? { imageUrl } : {}),
    ...(imageDigest ? { imageDigest } : {}),
  };
}
