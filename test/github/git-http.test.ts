import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tokenOf } from './api-client.ts';
import { runGit } from './git.ts';
import { type CreatedApp, type CreatedRepository, type GitHub, startGitHub } from './github.ts';

let github: GitHub;
let app: CreatedApp;
let api: CreatedRepository;
let folder: string;
let sha: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'git-http-'));
  github = await startGitHub();
  // An address where nobody listens: deliveries are made, and fail at once.
  app = await github.createApp({ webhookSecret: 'secret', webhookUrl: 'http://127.0.0.1:9/' });
  api = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  await github.createRepository({ owner: 'acme', name: 'open' });
  sha = (await github.pushFiles('acme/api', { files: { 'a.txt': 'a', big: 'line\n'.repeat(200_000) } })).sha;
  await github.pushFiles('acme/open', { files: { 'a.txt': 'open' } });
});

afterAll(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

function address(repository: string, user?: string, password?: string): string {
  const credentials = user === undefined ? '' : `${user}:${password}@`;
  return `http://${credentials}${github.host}/${repository}.git`;
}

async function clone(name: string, url: string): Promise<string> {
  await runGit(folder, ['clone', '--quiet', url, name]);
  return join(folder, name);
}

function asDeveloper(repository: string): string {
  return address(repository, github.developer.login, github.developer.password);
}

describe('cloning', () => {
  test('a public repository needs nothing', async () => {
    const work = await clone('open', address('acme/open'));

    expect(await readFile(join(work, 'a.txt'), 'utf8')).toBe('open');
  });

  test('a private one needs a token that may read its contents', async () => {
    const token = await tokenOf(github, app, api.installationId, {
      repository_ids: [api.id],
      permissions: { contents: 'read' },
    });

    const work = await clone('private', address('acme/api', 'x-access-token', token));

    expect((await runGit(work, ['rev-parse', 'HEAD'])).trim()).toBe(sha);
  });

  test.each<[string, () => Promise<string>]>([
    ['no token', async () => address('acme/api')],
    ['a token that is none', async () => address('acme/api', 'x-access-token', 'ghs_nonsense')],
    [
      'a token of other permissions',
      async () =>
        address(
          'acme/api',
          'x',
          await tokenOf(github, app, api.installationId, { permissions: { checks: 'read' } }),
        ),
    ],
    [
      'a token of another repository',
      async () =>
        address('acme/api', 'x', await tokenOf(github, app, api.installationId, { repositories: ['open'] })),
    ],
    ['a repository that is not there', async () => address('acme/absent')],
  ])('fails with %s', async (_, url) => {
    await expect(clone('never', await url())).rejects.toThrow();
  });

  test('is refused with 401 and how to ask', async () => {
    const response = await fetch(`${address('acme/api')}/info/refs?service=git-upload-pack`);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Basic');
    await response.text();
  });

  test('one commit that no branch has works by its sha', async () => {
    const lost = await github.commit('acme/open', { files: { lost: 'found' } });
    const work = join(folder, 'lost');
    await runGit(folder, ['init', '--quiet', work]);

    await runGit(work, ['fetch', '--quiet', '--depth=1', address('acme/open'), lost]);

    expect(await runGit(work, ['show', `${lost}:lost`])).toBe('found');
  });

  test('works slowly, or fails, when told so', async () => {
    const fault = github.fail({ match: 'git/upload-pack', status: 503 });

    await expect(clone('failing', address('acme/open'))).rejects.toThrow('503');

    expect(fault.remaining()).toBe(0);
    expect(github.requests.at(-1)).toMatchObject({ kind: 'git', operation: 'git/upload-pack', status: 503 });
  });

  test('offers pull requests of forks by their number', async () => {
    await github.createRepository({ owner: 'stranger', name: 'open', install: false });
    const main = (await github.head('acme/open')) ?? '';
    await runGit(folder, ['clone', '--quiet', address('acme/open'), 'fork']);
    await runGit(join(folder, 'fork'), [
      'push',
      '--quiet',
      asDeveloper('stranger/open'),
      `${main}:refs/heads/main`,
    ]);
    await github.pushFiles('stranger/open', { files: { theirs: '1' } });

    const pull = await github.openPullRequest('acme/open', {
      head: 'main',
      fork: 'stranger/open',
      sender: 'stranger',
    });

    const refs = await runGit(folder, ['ls-remote', address('acme/open'), `refs/pull/${pull.number}/head`]);
    expect(refs).toContain(pull.headSha);
    expect((await pull.delivery)?.payload).toMatchObject({
      action: 'opened',
      pull_request: {
        head: { sha: pull.headSha, repo: { full_name: 'stranger/open' } },
        base: { ref: 'main' },
      },
      sender: { login: 'stranger' },
    });
  });
});

describe('pushing', () => {
  test('moves the ref and sends the events', async () => {
    const work = await clone('pushing', asDeveloper('acme/api'));
    await writeFile(join(work, 'a.txt'), 'changed');
    await runGit(work, ['commit', '--quiet', '-am', 'From a laptop']);
    const before = github.deliveries.length;

    await runGit(work, ['push', '--quiet', 'origin', 'HEAD:refs/heads/laptop']);
    await github.waitForDeliveries();

    const head = (await runGit(work, ['rev-parse', 'HEAD'])).trim();
    const sent = github.deliveries.slice(before);
    expect(sent.map(({ event }) => event).sort()).toEqual(['check_suite', 'push']);
    expect(sent.find(({ event }) => event === 'push')?.payload).toMatchObject({
      ref: 'refs/heads/laptop',
      created: true,
      after: head,
      commits: [{ id: head, message: 'From a laptop', modified: ['a.txt'] }],
    });
  });

  test('of more than three tags at once sends no event', async () => {
    const work = await clone('tags', asDeveloper('acme/api'));
    for (const tag of ['t1', 't2', 't3', 't4']) await runGit(work, ['tag', tag]);
    const before = github.deliveries.length;

    await runGit(work, ['push', '--quiet', '--tags']);
    await github.waitForDeliveries();

    expect(github.deliveries).toHaveLength(before);
  });

  test('needs the developer', async () => {
    const work = await clone('reader', address('acme/open'));
    const token = await tokenOf(github, app, api.installationId);

    for (const url of [
      address('acme/open'),
      address('acme/open', 'x', token),
      address('acme/open', 'developer', 'no'),
    ]) {
      await expect(runGit(work, ['push', '--quiet', url, 'HEAD:refs/heads/x'])).rejects.toThrow();
    }
    expect(await github.head('acme/open', 'x')).toBeNull();
  });

  test('is open to all when the option says so', async () => {
    const open = await startGitHub({ anonymousPush: true });
    await open.createRepository({ owner: 'acme', name: 'api' });
    const work = await clone('anonymous', address('acme/open'));

    await runGit(work, ['push', '--quiet', `${open.url}/acme/api.git`, 'HEAD:refs/heads/main']);

    expect(await open.head('acme/api')).not.toBeNull();
    await open.close();
  });
});
