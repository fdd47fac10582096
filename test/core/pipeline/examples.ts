import type { ResolvedProject } from '../../../src/core/config/resolved-project.ts';
import type { RenderInput, Source } from '../../../src/core/pipeline/render-input.ts';
import { DEFAULT_RENDER_SETTINGS } from '../../../src/core/pipeline/render-settings.ts';
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

export function renderInput(
  project: Partial<ResolvedProject> = {},
  source: Partial<Source> = {},
): RenderInput {
  return {
    run: plannedRun(resolvedProject(project)),
    source: { ...SOURCE, ...source },
    settings: DEFAULT_RENDER_SETTINGS,
    annotations: {},
  };
}
