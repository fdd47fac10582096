import type { ComputeResources, PipelineRun, TaskStep } from '../core/pipeline/pipeline-run.ts';
import type { HostAlias } from './runtime.ts';

/** A step's own resources, else those of its task: Tekton gives every step the whole limit of its task. */
export function computeResourcesOf(
  { spec }: PipelineRun,
  task: string,
  { computeResources }: Pick<TaskStep, 'computeResources'>,
): ComputeResources {
  const ofTask = spec.taskRunSpecs?.find(({ pipelineTaskName }) => pipelineTaskName === task);
  return computeResources ?? ofTask?.computeResources ?? {};
}

/** The host names of a task's pod. */
export function hostsOf({ spec }: PipelineRun, task: string): readonly HostAlias[] {
  const ofTask: object | undefined = spec.taskRunSpecs?.find(
    ({ pipelineTaskName }) => pipelineTaskName === task,
  );
  const own = ofTask !== undefined && 'podTemplate' in ofTask ? ofTask.podTemplate : undefined;
  return [...aliasesOf(spec.taskRunTemplate?.podTemplate), ...aliasesOf(own)];
}

function aliasesOf(podTemplate: unknown): readonly HostAlias[] {
  if (typeof podTemplate !== 'object' || podTemplate === null || !('hostAliases' in podTemplate)) return [];
  // Checked before the run was taken.
  return podTemplate.hostAliases as readonly HostAlias[];
}
