import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import type { InstalledRepository } from '../../src/app/github-ports.ts';
import { createGitHubClients, type GitHubClients } from '../../src/github/clients.ts';
import { createHeads } from '../../src/github/heads.ts';
import { type GitHub, startGitHub } from '../github/github.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { recordingLog } from './fixture.ts';

// These tests talk to the stand-in: what matters is that GitHub's own schema takes the query.
let github: GitHub;
let clients: GitHubClients;
let api: CreatedRepository;

beforeAll(async () => {
  nock.restore();
  github = await startGitHub();
  const { appId, privateKey } = await github.createApp({ webhookSecret: 'secret' });
  const baseUrl = `${github.url}/api/v3`;
  clients = createGitHubClients({ appId, privateKey, baseUrl, log: recordingLog() });
  api = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  await github.createRepository({ owner: 'other', name: 'web' });
});

afterAll(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
});

async function repositories(): Promise<InstalledRepository[]> {
  const found: InstalledRepository[] = [];
  for await (const one of createHeads(clients, { configFile: '.tekton-ci.yml' }).repositories())
    found.push(one);
  return found;
}

describe('what there is at GitHub', () => {
  test('are the repositories of every installation, as events describe them', async () => {
    const found = await repositories();

    expect(found.map(({ repository }) => `${repository.owner}/${repository.name}`)).toEqual([
      'acme/api',
      'other/web',
    ]);
    expect(found[0]).toEqual({
      installedAt: expect.any(Date),
      pushedAt: expect.any(Date),
      repository: {
        installationId: api.installationId,
        id: api.id,
        owner: 'acme',
        name: 'api',
        defaultBranch: 'main',
        cloneUrl: api.cloneUrl,
        htmlUrl: `${github.url}/acme/api`,
      },
    });
  });

  test('are branches and tags, newest first, with what a run needs of their commits; in one request', async () => {
    const at = new Date('2026-11-23T10:00:00Z');
    const old = await github.commit(api, { files: { 'a.txt': '' }, message: 'Old', at });
    await github.push(api, { branch: 'old', sha: old });
    const sha = await github.commit(api, {
      files: { '.tekton-ci.yml': '' },
      message: 'feat: new\n\nBody.',
      at: new Date('2026-11-23T11:00:00Z'),
    });
    await github.push(api, { branch: 'main', sha });
    await github.push(api, { tag: 'v1', sha });
    const [installed] = await repositories();
    github.resetRequests();

    const { heads } = await createHeads(clients, { configFile: '.tekton-ci.yml' }).newest(
      installed!.repository,
    );

    expect(heads.map(({ ref, configured }) => [ref.kind, ref.name, configured])).toEqual([
      ['branch', 'main', true],
      ['branch', 'old', false],
      ['tag', 'v1', true],
    ]);
    expect(heads[0]).toMatchObject({
      sha,
      message: 'feat: new\n\nBody.',
      committedAt: new Date('2026-11-23T11:00:00Z'),
    });
    expect(github.countRequests()).toBe(1);
  });

  test("are forks' pull requests that are open, in the same request", async () => {
    const fork = await github.createRepository({ owner: 'stranger', name: 'api', forkOf: api });
    const sha = await github.commit(fork, { files: { 'b.txt': '' }, message: 'Patch' });
    await github.push(fork, { branch: 'patch', sha });
    await github.openPullRequest(api, { head: 'patch', fork });
    const [installed] = await repositories();
    github.resetRequests();

    const { forks } = await createHeads(clients, { configFile: '.tekton-ci.yml' }).newest(
      installed!.repository,
    );

    expect(forks).toEqual([
      {
        number: expect.any(Number),
        open: true,
        sha,
        branch: 'patch',
        headRepositoryId: fork.id,
        base: 'main',
        author: { id: expect.any(Number), login: 'developer', bot: false },
        at: expect.any(Date),
      },
    ]);
    expect(github.countRequests({ excludeTokens: true })).toBe(1);
  });
});
