import type { ResolvedProject } from '../../../src/core/config/resolved-project.ts';
import type { EmbeddedTask, Sidecar, TaskStep } from '../../../src/core/pipeline/pipeline-run.ts';
import type { RenderInput, Source } from '../../../src/core/pipeline/render-input.ts';
import type { Run, Stage } from '../../../src/core/pipeline/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings/default-settings.ts';
import type { RepositorySettings } from '../../../src/core/settings/settings.ts';
import { settingsFor } from '../../../src/core/settings/settings-for.ts';
import { plannedRun, resolvedProject } from '../plan/examples.ts';

export const SOURCE: Source = {
  repository: 'acme/api',
  installationId: 7,
  cloneUrl: 'https://github.com/acme/api.git',
  branch: 'main',
  tag: '',
  pullRequest: null,
  title: 'feat: answer faster',
  credentials: true,
};

export const SETTINGS: RepositorySettings = settingsFor(DEFAULT_SETTINGS, 'acme/api');

export function renderInput(
  project: Partial<ResolvedProject> = {},
  source: Partial<Source> = {},
  settings: Partial<RepositorySettings> = {},
): RenderInput {
  return {
    run: plannedRun(resolvedProject(project)),
    source: { ...SOURCE, ...source },
    settings: { ...SETTINGS, ...settings },
    annotations: {},
  };
}

/** All tasks with steps, those of the end last. */
export function embeddedTasks({ pipelineRun }: Pick<Run, 'pipelineRun'>): EmbeddedTask[] {
  const { tasks, finally: last = [] } = pipelineRun.spec.pipelineSpec;
  return [...tasks, ...last].filter((task) => 'taskSpec' in task);
}

/** All steps and sidecars. */
export function containers(run: Run): (TaskStep | Sidecar)[] {
  return embeddedTasks(run).flatMap(({ taskSpec }) => [...taskSpec.steps, ...(taskSpec.sidecars ?? [])]);
}

/** The step of a stage; fails when there is none. */
export function stepOf(run: Run, stage: Stage, variant?: string): TaskStep {
  const placed = run.steps.find((step) => step.stage === stage && step.variant === variant)!;
  const task = embeddedTasks(run).find(({ name }) => name === placed.task)!;
  return task.taskSpec.steps.find(({ name }) => name === placed.step)!;
}
