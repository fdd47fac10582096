import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import { resolveProject } from '../../../src/core/config/resolve-project.ts';
import { renderRun } from '../../../src/core/pipeline/render-run.ts';
import type { Run } from '../../../src/core/pipeline/run.ts';
import { planProject } from '../../../src/core/plan/plan-project.ts';
import type { Layout } from '../../../src/core/settings/settings.ts';
import { projectFilesOf } from '../config/project-files.ts';
import { runKey } from '../plan/examples.ts';
import { embeddedTasks, SETTINGS, SOURCE } from './examples.ts';

const EXAMPLES = new URL('../../../examples/', import.meta.url).pathname;

function filesOf(directory: string): Record<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

/** The runs of a push to the default branch, one for each project. */
function runsOf(example: string, layout: Layout): Run[] {
  const files = filesOf(join(EXAMPLES, example));
  const parsed = parseConfig(files['.tekton-ci.yml'] ?? '');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.projects.map((project) => {
    const resolved = resolveProject(project, projectFilesOf(files, project.path));
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
    const key = { ...runKey(), project: project.name };
    const run = planProject(resolved.project, key, { reason: 'runs: a test', branch: 'main' });
    if (!run.runs) throw new Error(run.reason);
    return renderRun({ run, source: SOURCE, settings: { ...SETTINGS, layout }, annotations: {} });
  });
}

describe.each(readdirSync(EXAMPLES))('examples/%s', (example) => {
  test.each<Layout>(['pod', 'tasks'])('is a config that is right, and runs in the layout %s', (layout) => {
    for (const run of runsOf(example, layout)) expect(run.steps.map(({ stage }) => stage)).toContain('test');
  });
});

test('examples/service has its service, its image and the deploy of its default branch', () => {
  const [run] = runsOf('service', 'pod');
  const files = filesOf(join(EXAMPLES, 'service'));

  expect(run?.steps.map(({ stage, variant = '' }) => `${stage} ${variant}`.trim())).toEqual([
    'clone',
    'test',
    'image',
    'clone staging',
    'deploy staging',
  ]);
  expect(embeddedTasks(run!)[0]?.taskSpec.sidecars?.map(({ name }) => name)).toEqual(['redis']);
  for (const file of ['Dockerfile', 'helm/Chart.yaml', 'helm/production.yaml']) {
    expect(Object.keys(files)).toContain(file);
  }
});
