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
    [{}, [], /there is no \.tekton-ci\.yml/],
  ])('refuses %j with %j', async (files, argv, message) => {
    const { exitCode, stdout, stderr } = await render(repositoryOf({ ...files, other: '' }), ...argv);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('renders a task for each stage in the layout of that name', async () => {
    const { exitCode, stdout } = await render(repositoryOf(ONE), '--layout', 'tasks');

    expect(exitCode).toBe(0);
    expect((load(stdout) as PipelineRun).spec.pipelineSpec.tasks.map(({ name }) => name)).toEqual([
      'clone',
      'test',
      'build',
    ]);
  });

  test('renders what only a cluster can run, and secrets under a name of an example', async () => {
    const config =
      'use: alpine\ntest: make\nimage: ghcr.io/acme/api\ndeploy: ./helm\nsecrets: [TOKEN]\nservices: [redis]\n';

    const { exitCode, stdout } = await render(repositoryOf({ '.tekton-ci.yml': config }));

    expect(exitCode).toBe(0);
    expect((load(stdout) as PipelineRun).spec.pipelineSpec.tasks.map(({ name }) => name)).toEqual([
      'ci',
      'turn-production',
      'deploy-production',
    ]);
  });

  test('renders as operator settings say, and the layout as the option says', async () => {
    const settings = 'namespace: ci\nlayout: tasks\nrepositories:\n  acme/*:\n    namespace: acme\n';
    const root = repositoryOf({ ...ONE, 'settings.yaml': settings });
    git(root, 'remote', 'add', 'origin', 'git@github.com:acme/api.git');

    const asSettings = load((await render(root, '--settings', 'settings.yaml')).stdout) as PipelineRun;
    const asOption = load(
      (await render(root, '--settings', 'settings.yaml', '--layout', 'pod')).stdout,
    ) as PipelineRun;

    expect(asSettings.metadata.namespace).toBe('acme');
    expect(asSettings.spec.pipelineSpec.tasks).toHaveLength(3);
    expect(asOption.metadata.namespace).toBe('acme');
    expect(asOption.spec.pipelineSpec.tasks.map(({ name }) => name)).toEqual(['ci']);
  });

  test('refuses a secret that operator settings do not give', async () => {
    const config = 'use: alpine\ntest: make\nsecrets: [TOKEN]\n';

    const { exitCode, stderr } = await render(
      repositoryOf({ '.tekton-ci.yml': config, 'settings.yaml': '' }),
      '--settings',
      'settings.yaml',
    );

    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/secret TOKEN is not given/);
  });

  test('prints the problems of operator settings, with exit code 1', async () => {
    const root = repositoryOf({ ...ONE, 'settings.yaml': 'layuot: tasks\n' });

    const { exitCode, stdout, stderr } = await render(root, '--settings', 'settings.yaml');

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^settings\.yaml:1:1: .*layuot[\s\S]*1 problem\n/);
  });

  test('says when there are no operator settings of that name, with exit code 2', async () => {
    const { exitCode, stderr } = await render(repositoryOf(ONE), '--settings', 'none.yaml');

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/there is no none\.yaml/);
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
