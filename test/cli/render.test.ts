import { describe, expect, test } from '@jest/globals';
import { load, loadAll } from 'js-yaml';
import type { PipelineRun } from '../../src/core/pipeline/pipeline-run.ts';
import { createRecordingCli, type Finished, runCli } from './recording-cli.ts';
import { git, repositoryOf, temporaryDirectory, write } from './temporary-repository.ts';

const ONE = { '.tekton-ci.yml': 'use: alpine\ntest: make check\nbuild: make\n' };
const TWO = {
  '.tekton-ci.yml':
    'use: alpine\ntest: make check\nprojects:\n  web: {}\n  api:\n    path: services/api\n  docs:\n    test: off\n',
};

describe('render', () => {
  test('prints the PipelineRun of the commit that is checked out, the same every time', async () => {
    const root = repositoryOf(ONE);
    git(root, 'remote', 'add', 'origin', 'git@github.com:acme/api.git');

    const first = await render(root);
    const second = await render(root);

    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(second).toEqual(first);
    const { apiVersion, kind, metadata } = load(first.stdout) as PipelineRun;
    const sha = git(root, 'rev-parse', 'HEAD');
    expect({ apiVersion, kind }).toEqual({ apiVersion: 'tekton.dev/v1', kind: 'PipelineRun' });
    expect(metadata.name).toMatch(new RegExp(`^api-${sha.slice(0, 7)}-[0-9a-f]{8}$`));
    expect(metadata.labels).toMatchObject({ 'tekton-ci.dev/sha': sha, 'tekton-ci.dev/purpose': 'publish' });
    expect(metadata.annotations).toMatchObject({
      'tekton-ci.dev/repository': 'acme/api',
      'tekton-ci.dev/branch': 'main',
    });
    expect(first.stdout).toContain('https://github.com/acme/api.git');
  });

  test('renders another event, ref and commit when told', async () => {
    const sha = '0123456789abcdef0123456789abcdef01234567';

    const branch = await render(repositoryOf(ONE), '--ref', 'feature/x', '--sha', sha.toUpperCase());
    const tag = await render(repositoryOf(ONE), '--event', 'tag', '--ref', 'v1.2.0');

    expect((load(branch.stdout) as PipelineRun).metadata).toMatchObject({
      labels: { 'tekton-ci.dev/sha': sha, 'tekton-ci.dev/purpose': 'verify' },
      annotations: { 'tekton-ci.dev/branch': 'feature/x' },
    });
    expect((load(tag.stdout) as PipelineRun).metadata.annotations).toMatchObject({
      'tekton-ci.dev/tag': 'v1.2.0',
    });
  });

  test('works where there is no repository', async () => {
    const root = temporaryDirectory();
    write(root, ONE);

    const { exitCode, stdout } = await render(root);

    expect(exitCode).toBe(0);
    expect((load(stdout) as PipelineRun).metadata.labels['tekton-ci.dev/sha']).toBe('0'.repeat(40));
  });

  test('prints a document for each project that has something to run, and says which has not', async () => {
    const { exitCode, stdout, stderr } = await render(repositoryOf(TWO));

    expect(exitCode).toBe(0);
    const projects = (loadAll(stdout) as PipelineRun[]).map(
      ({ metadata }) => metadata.labels['tekton-ci.dev/project'],
    );
    expect(projects).toEqual(['web', 'api']);
    expect(stderr).toMatch(/^docs: skipped/);
  });

  test('renders one project', async () => {
    const { stdout } = await render(repositoryOf(TWO), '--project', 'api');

    expect(loadAll(stdout)).toHaveLength(1);
  });

  test.each([
    [TWO, ['--project', 'wbe'], /no project "wbe": the config has web, api, docs\. Did you mean web\?/],
    [TWO, ['--project', 'something'], /no project "something": the config has web, api, docs\.\n/],
    [ONE, ['--project', 'web'], /this repository is one project: leave --project out/],
    [ONE, ['--sha', 'main'], /"main" is no commit: --sha takes all of its 40 hexadecimal digits/],
    [ONE, ['--event', 'tag'], /say which one is meant, as in --ref v1\.2\.0/],
    [ONE, ['--layout', 'tasks'], /not available yet/],
    [{}, [], /there is no \.tekton-ci\.yml/],
  ])('refuses %j with %j', async (files, argv, message) => {
    const { exitCode, stdout, stderr } = await render(repositoryOf({ ...files, other: '' }), ...argv);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('prints the problems of the config, with exit code 1', async () => {
    const { exitCode, stdout, stderr } = await render(repositoryOf({ '.tekton-ci.yml': 'tset: x\n' }));

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^\.tekton-ci\.yml:1:1: .*tset[\s\S]*problem/);
  });
});

function render(root: string, ...argv: string[]): Promise<Finished> {
  return runCli(createRecordingCli(root), 'render', ...argv);
}
