import { dump } from 'js-yaml';
import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import type { Channel } from './output.ts';

/** Prints PipelineRuns as one stream of YAML documents. */
export function printYaml(pipelineRuns: readonly PipelineRun[], out: Channel): void {
  // Long lines are scripts and keys: folding them makes them neither shorter nor more readable.
  const documents = pipelineRuns.map((pipelineRun) => dump(pipelineRun, { lineWidth: -1, noRefs: true }));
  out.write(documents.join('---\n'));
}
