import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedRepository } from '../github/repositories.ts';
import { storedRuns } from './stored-runs.ts';
import { completed, conclusionsOf, startWorld, type World } from './world.ts';

const PROJECTS = Array.from({ length: 32 }, (_, index) => `p${String(index).padStart(2, '0')}`);
const CONFIG = [
  'use: alpine:3.22',
  'test: echo tested',
  'projects:',
  ...PROJECTS.map((name) => `  ${name}: { watch: [libs/${name}/**] }`),
  '',
].join('\n');

let world: World;
let repository: CreatedRepository;

beforeAll(async () => {
  world = await startWorld();
  repository = await world.repository('mono');
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

describe('a repository of 32 projects', () => {
  test('runs the three that a push touches, and the 29 others cost no request', async () => {
    const { github } = world;
    const files = Object.fromEntries(PROJECTS.map((name) => [`${name}/a.txt`, name]));
    const base = await github.commit(repository, { files: { ...files, '.tekton-ci.yml': CONFIG } });
    // Nobody is told: what is to be shown is another push.
    github.setWebhook('http://127.0.0.1:1/');
    await (await github.push(repository, { branch: 'main', sha: base })).delivery;
    github.setWebhook(world.server.webhookUrl);
    const touched = { 'p03/a.txt': '1', 'libs/p07/b.txt': '1', 'p31/c.txt': '1' };
    const sha = await github.commit(repository, { files: touched, parents: [base] });
    github.resetRequests();

    await github.push(repository, { branch: 'feature', sha });
    const checks = await world.until(repository, sha, completed);
    await github.waitForDeliveries();

    expect(conclusionsOf(checks)).toEqual({
      'tekton-ci': 'success',
      'tekton-ci / p03': 'success',
      'tekton-ci / p07': 'success',
      'tekton-ci / p31': 'success',
    });
    expect(storedRuns(world.data, 'mono')).toHaveLength(3);
    const gate = checks.find(({ name }) => name === 'tekton-ci');
    expect(gate?.title).toBe('3 projects succeeded');
    for (const name of PROJECTS) expect(gate?.summary).toContain(name);
    expect(gate?.summary).toContain('| p00 | skipped: no file under p00/');
    const asked = github.requests.filter(({ kind }) => kind !== 'git').map(({ operation }) => operation);
    const reads = asked.filter(
      (operation) => !operation?.startsWith('checks/') && !operation?.startsWith('apps/'),
    );
    // Config and toolchain files, the projects' own toolchain files, what changed.
    expect(reads.sort()).toEqual(['graphql', 'graphql', 'repos/compare-commits-with-basehead']);
    const writes = asked.filter((operation) => operation?.startsWith('checks/'));
    // Each of the three runs and the gate is created, once in progress, and ended; the gate may tell of each end by itself.
    expect(writes.length).toBeLessThanOrEqual(4 * 3 + 2);
    expect(writes).not.toContain('checks/list-for-ref');
  });

  test('ends its gate as skipped for a change that concerns none, without a run', async () => {
    const { github } = world;
    const base = await github.head(repository);
    const sha = await github.commit(repository, { files: { 'README.md': '1' }, parents: [base ?? ''] });
    github.resetRequests();

    const { delivery } = await github.push(repository, { branch: 'words', sha });
    await delivery;

    expect(github.checks(repository, sha)).toMatchObject([
      { name: 'tekton-ci', conclusion: 'skipped', title: 'Nothing to run' },
    ]);
    expect(github.countRequests({ excludeTokens: true })).toBeLessThanOrEqual(4);
  });

  test('fails its gate, and only the project that fails, when one does', async () => {
    const { github } = world;
    const base = (await github.head(repository)) ?? '';
    const config = 'use: alpine:3.22\ntest: echo tested\nprojects:\n  p00: { test: exit 1 }\n  p01: {}\n';
    const files = { '.tekton-ci.yml': config };
    const sha = await github.commit(repository, { files, parents: [base] });

    await github.push(repository, { branch: 'red', sha });
    const checks = await world.until(repository, sha, completed);

    expect(conclusionsOf(checks)).toEqual({
      'tekton-ci': 'failure',
      'tekton-ci / p00': 'failure',
      'tekton-ci / p01': 'success',
    });
  });
});
