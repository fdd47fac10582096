import { ANNOTATION } from './annotations.ts';
import { checkReleases } from './check-releases.ts';
import { goDuration } from './duration.ts';
import type { Layout } from './layouts/layout.ts';
import { layoutPod } from './layouts/pod.ts';
import { layoutTasks } from './layouts/tasks.ts';
import { checkLimits } from './limits.ts';
import { keyText, labelValue, runName } from './names.ts';
import { oneWorkspaceAClaim } from './one-workspace-a-claim.ts';
import type { EmbeddedTask, ObjectMeta, PipelineRunSpec, PipelineTask } from './pipeline-run.ts';
import { podTemplate } from './pod-template.ts';
import type { RenderInput } from './render-input.ts';
import type { Run, RunName } from './run.ts';
import { CLEAN_UP, runTimeout } from './timeouts.ts';
import { workspaceBindings } from './workspaces.ts';

/**
 * Renders one planned run into one PipelineRun. Pure and deterministic: the same input gives the same bytes.
 * Throws a `UserError` when the result would pass one of the limits of Tekton or Kubernetes, when a secret is not given to the
 * repository, or when two targets would be the same release.
 */
export function renderRun(input: RenderInput): Run {
  checkReleases(input);
  const name = runName(input.source.repository.split('/').pop() ?? '', input.run.key);
  const layout = input.settings.layout === 'pod' ? layoutPod(input) : layoutTasks(input, name);
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
      ...(ownsVolume(settings) ? CLEAN_VOLUME : {}),
      ...annotations,
    },
  };
}

/** Has Tekton delete the run's own volume when the run ends, not when it is removed. */
const CLEAN_VOLUME = { 'tekton.dev/auto-cleanup-pvc': 'true' };

function ownsVolume({ layout, storage }: RenderInput['settings']): boolean {
  return layout === 'tasks' && !('claim' in storage);
}

function spec(name: RunName, layout: Layout, input: RenderInput): PipelineRunSpec {
  const { serviceAccount } = input.settings;
  const used = [...layout.tasks, ...layout.finally].filter(isEmbedded);
  const {
    workspaces,
    tasks,
    finally: last,
  } = oneWorkspaceAClaim({ ...layout, workspaces: workspaceBindings(name, used, input) });
  return {
    workspaces,
    timeouts: timeouts(layout, input),
    taskRunTemplate: {
      ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
      podTemplate: podTemplate(input),
    },
    taskRunSpecs: layout.taskRunSpecs,
    pipelineSpec: {
      workspaces: workspaces.map((workspace) => ({ name: workspace.name })),
      tasks,
      ...(last.length === 0 ? {} : { finally: last }),
      results: layout.results,
    },
  };
}

/** Every one of them: left out, Tekton's default is one hour, and without `tasks` a timeout would skip the clean-up. */
function timeouts(layout: Layout, input: RenderInput): NonNullable<PipelineRunSpec['timeouts']> {
  const tasks = runTimeout(input);
  if (layout.finally.length === 0) return { pipeline: goDuration(tasks), tasks: goDuration(tasks) };
  return {
    pipeline: goDuration(tasks + CLEAN_UP),
    tasks: goDuration(tasks),
    finally: goDuration(CLEAN_UP),
  };
}

function isEmbedded(task: PipelineTask): task is EmbeddedTask {
  return 'taskSpec' in task;
}
