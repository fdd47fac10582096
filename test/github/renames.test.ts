import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, tokenOf } from './api-client.ts';
import { runGit } from './git.ts';
import { type GitHub, startGitHub } from './github.ts';

let github: GitHub;
let authorization: string;
let sha: string;
let id: number;

beforeAll(async () => {
  github = await startGitHub();
  const app = await github.createApp({ webhookSecret: 'secret', webhookUrl: 'http://127.0.0.1:9/' });
  const repository = await github.createRepository({ owner: 'acme', name: 'old' });
  id = repository.id;
  sha = (await github.pushFiles('acme/old', { files: { a: 'content' } })).sha;
  authorization = `token ${await tokenOf(github, app, repository.installationId)}`;
  await github.renameRepository('acme/old', 'new');
});

afterAll(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
});

test('a renamed repository is told of', async () => {
  await github.waitForDeliveries();

  expect(github.deliveries.find(({ event }) => event === 'repository')?.payload).toMatchObject({
    action: 'renamed',
    changes: { repository: { name: { from: 'old' } } },
    repository: { id, full_name: 'acme/new' },
  });
});

test('its old address leads to the new one, for reads and for writes', async () => {
  const body = { name: 'tekton-ci', head_sha: sha };
  const request = (method: string) =>
    fetch(`${github.url}/api/v3/repos/acme/old/check-runs`, {
      method,
      redirect: 'manual',
      headers: { authorization },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });

  const posted = await request('POST');
  const created = await call(github, 'POST', '/repos/acme/old/check-runs', { authorization, body });
  const read = await call(github, 'GET', `/repos/acme/old/check-runs/${created.field('id')}`, {
    authorization,
  });

  expect(posted.status).toBe(307);
  expect(posted.headers.get('location')).toBe(`${github.url}/api/v3/repositories/${id}/check-runs`);
  expect(created.status).toBe(201);
  expect(read.field('name')).toBe('tekton-ci');
  expect(github.checks('acme/new', sha)).toHaveLength(1);
});

test('git and GraphQL find it too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renamed-'));
  const query = '{ repository(owner: "acme", name: "old") { nameWithOwner } }';

  await runGit(folder, ['clone', '--quiet', `${github.url}/acme/old.git`, 'work']);
  const reply = await call(github, 'POST', '/graphql', { authorization, body: { query } });

  expect(await readFile(join(folder, 'work', 'a'), 'utf8')).toBe('content');
  expect(reply.field('data', 'repository', 'nameWithOwner')).toBe('acme/new');
  await rm(folder, { recursive: true });
});
