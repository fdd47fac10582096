import { ANNOTATION } from './annotations.ts';
import { computeResources } from './compute-resources.ts';
import { goDuration } from './duration.ts';
import { type Layout, layoutPod, runTimeout } from './layout-pod.ts';
import { checkLimits } from './limits.ts';
import { keyText, labelValue, runName } from './names.ts';
import type { ComputeResources, ObjectMeta, PipelineRunSpec, WorkspaceBinding } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';
import type { Run, RunName } from './run.ts';
import { GIT_CREDENTIALS } from './stages/clone.ts';

/** Name of the Secret that brings a run's git token; its keys are `token` and `url`. */
export function gitSecretName(name: RunName): string {
  return `${name}-git`;
}

/**
 * Renders one planned run into one PipelineRun. Pure and deterministic: the same input gives the same bytes.
 * Throws a `UserError` when the result would pass one of the limits of Tekton or Kubernetes.
 */
export function renderRun(input: RenderInput): Run {
  const name = runName(input.source.repository.split('/').pop() ?? '', input.run.key);
  const layout = layoutPod(input);
  const run: Run = {
    name,
    key: input.run.key,
    steps: layout.steps,
    pipelineRun: {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: metadata(name, layout, input),
      spec: spec(name, layout, input),
    },
  };
  checkLimits(run);
  return run;
}

function metadata(
  name: RunName,
  layout: Layout,
  { run, source, settings, annotations }: RenderInput,
): ObjectMeta {
  return {
    name,
    namespace: settings.namespace,
    labels: {
      'app.kubernetes.io/managed-by': 'tekton-ci',
      'tekton-ci.dev/repository': labelValue(source.repository),
      'tekton-ci.dev/project': labelValue(run.name),
      'tekton-ci.dev/sha': run.key.sha,
      'tekton-ci.dev/purpose': run.key.purpose,
      'tekton-ci.dev/trust': run.key.trust,
    },
    annotations: {
      [ANNOTATION.key]: keyText(run.key),
      [ANNOTATION.repository]: source.repository,
      [ANNOTATION.installation]: String(source.installationId),
      [ANNOTATION.branch]: source.branch,
      [ANNOTATION.tag]: source.tag,
      [ANNOTATION.title]: source.title,
      [ANNOTATION.steps]: JSON.stringify(layout.steps),
      ...annotations,
    },
  };
}

function taskResources({ run, settings }: RenderInput, task: string): ComputeResources {
  const { tests, build, resources } = run.project;
  const inCi = [
    ...tests.filter(({ variant }) => variant === undefined),
    ...(build === undefined ? [] : [build]),
  ];
  const stages = task === 'ci' ? inCi : tests;
  return computeResources(
    { ...settings.resources, ...resources },
    stages.map((stage) => stage.resources),
  );
}

function spec(name: RunName, layout: Layout, input: RenderInput): PipelineRunSpec {
  const limit = goDuration(runTimeout(input));
  const workspaces: WorkspaceBinding[] = [
    { name: 'source', emptyDir: {} },
    ...(input.source.credentials
      ? [{ name: GIT_CREDENTIALS, secret: { secretName: gitSecretName(name) } }]
      : []),
  ];
  return {
    workspaces,
    timeouts: { pipeline: limit, tasks: limit },
    taskRunTemplate: { podTemplate: { automountServiceAccountToken: false, enableServiceLinks: false } },
    taskRunSpecs: layout.tasks.map(({ name: pipelineTaskName }) => ({
      pipelineTaskName,
      computeResources: taskResources(input, pipelineTaskName),
    })),
    pipelineSpec: {
      workspaces: workspaces.map((workspace) => ({ name: workspace.name })),
      tasks: layout.tasks,
      results: results(layout.resultTask),
    },
  };
}

/** Tekton Chains signs these: https://tekton.dev/docs/chains/slsa-provenance/#type-hinting */
function results(task: string): { name: string; value: string }[] {
  return [
    { name: 'commit', value: `$(tasks.${task}.results.commit)` },
    { name: 'url', value: `$(tasks.${task}.results.url)` },
    { name: 'CHAINS-GIT_COMMIT', value: `$(tasks.${task}.results.commit)` },
    { name: 'CHAINS-GIT_URL', value: `$(tasks.${task}.results.url)` },
  ];
}
