import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import { JSON_PATCH, PIPELINE_RUNS, pathOf } from './resources.ts';

/** Lets a pending run start, and writes down when. Nothing happens to one that is not pending, or gone. */
export async function releaseRun(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: RunName },
  now: Date,
): Promise<void> {
  try {
    await client.request({
      method: 'PATCH',
      path: pathOf(PIPELINE_RUNS, namespace, name),
      contentType: JSON_PATCH,
      body: [
        { op: 'test', path: '/spec/status', value: 'PipelineRunPending' },
        { op: 'remove', path: '/spec/status' },
        { op: 'add', path: RELEASED, value: now.toISOString() },
      ],
    });
  } catch (error) {
    // 422: the test failed.
    if (statusOf(error) !== 422 && statusOf(error) !== 404) throw error;
  }
}

/** A run of ours always has annotations. */
const RELEASED = `/metadata/annotations/${ANNOTATION.released.replace('/', '~1')}`;
