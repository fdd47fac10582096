import { noteAnnotations } from '../src/app/runs/run-notes.ts';
import { parseConfig } from '../src/core/config/parse-config.ts';
import { resolveProject } from '../src/core/config/resolve-project.ts';
import { renderRun } from '../src/core/pipeline/render-run.ts';
import type { Run } from '../src/core/pipeline/run.ts';
import { planProject } from '../src/core/plan/plan-project.ts';
import { DEFAULT_SETTINGS } from '../src/core/settings/default-settings.ts';
import { settingsFor } from '../src/core/settings/settings-for.ts';
import { GO_MOD } from './samples.ts';

/** A run of a commit of its own whose test does not end by itself. */
export function renderSample(number: number): Run {
  const sha = number.toString(16).padStart(40, '0');
  const repository = {
    installationId: 1,
    id: 1,
    owner: 'acme',
    name: 'api',
    defaultBranch: 'main',
    cloneUrl: 'https://github.com/acme/api.git',
    htmlUrl: 'https://github.com/acme/api',
  };
  const [run] = renderConfig('use: alpine:3.22\ntest: sleep 600\n', {
    sha,
    annotations: noteAnnotations({
      repository,
      sha,
      ref: { kind: 'branch', name: 'main' },
      author: null,
      project: '.',
      attempt: 1,
      checkName: 'tekton-ci',
      purpose: 'verify',
      trust: 'trusted',
      receivedAt: '2026-01-01T00:00:00.000Z',
      pushedAt: '2026-01-01T00:00:00.000Z',
      before: null,
      targets: [],
      decisions: ['runs: every push tests the repository', 'test: runs'],
      gate: null,
    }),
  });
  if (run === undefined) throw new Error('the sample has no run');
  return run;
}

export interface SampleOptions {
  readonly sha?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Parses and renders a config as a push to a branch does. */
export function renderConfig(
  text: string,
  { sha = '0'.repeat(40), annotations = {} }: SampleOptions = {},
): Run[] {
  const parsed = parseConfig(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.config.projects.map((config) => {
    const files = { entries: ['go.mod', 'cmd'], text: { 'go.mod': GO_MOD } };
    const resolved = resolveProject(config, files);
    if (!resolved.ok) throw new Error(resolved.problems.map(({ message }) => message).join('\n'));
    const key = { repositoryId: 1, project: config.name, sha, tag: null, base: null, attempt: 1 } as const;
    const run = planProject(
      resolved.project,
      { ...key, purpose: 'verify', trust: 'trusted' },
      { reason: 'runs', branch: 'main' },
    );
    if (!run.runs) throw new Error(run.reason);
    const source = {
      repository: 'acme/api',
      installationId: 1,
      cloneUrl: 'https://github.com/acme/api.git',
      branch: 'main',
      tag: '',
      pullRequest: null,
      title: 'Title',
      credentials: false,
    };
    return renderRun({
      run,
      source,
      settings: settingsFor(DEFAULT_SETTINGS, source.repository),
      annotations,
    });
  });
}
