import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, jwtOf, tokenOf } from './api-client.ts';
import { type CreatedApp, type CreatedRepository, type GitHub, startGitHub } from './github.ts';

let github: GitHub;
let app: CreatedApp;
let api: CreatedRepository;
let web: CreatedRepository;
let clock = 0;

beforeAll(async () => {
  github = await startGitHub({ now: () => new Date(Date.now() + clock) });
  app = await github.createApp({ webhookSecret: 'secret' });
  api = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  web = await github.createRepository({ owner: 'acme', name: 'web', private: true });
  await github.createRepository({ owner: 'other', name: 'hidden', private: true });
  await github.createRepository({ owner: 'other', name: 'open' });
});

afterAll(() => github.close());

const now = () => Math.floor(Date.now() / 1000);

describe('the JWT of an app', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = () => ({
    ...app,
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  });

  test('is accepted with the app’s id or its client id', async () => {
    for (const iss of [app.appId, String(app.appId), app.clientId]) {
      const reply = await call(github, 'GET', '/app', { authorization: `Bearer ${jwtOf(app, { iss })}` });
      expect(reply.status).toBe(200);
    }
  });

  test.each<[string, () => string | undefined, number, string]>([
    ['that is missing', () => undefined, 401, 'could not be decoded'],
    ['signed by another key', () => jwtOf(stranger()), 401, 'could not be decoded'],
    ['of an unknown app', () => jwtOf(app, { iss: 1 }), 404, 'Integration not found'],
    ['that lives too long', () => jwtOf(app, { exp: now() + 3600 }), 401, 'too far in the future'],
    ['that has expired', () => jwtOf(app, { exp: now() - 10 }), 401, "'exp'"],
    ['from the future', () => jwtOf(app, { iat: now() + 300 }), 401, "'iat'"],
    ['that is nonsense', () => 'a.b.c', 401, 'could not be decoded'],
  ])('%s is refused', async (_, jwt, status, word) => {
    const text = jwt();
    const reply = await call(
      github,
      'GET',
      '/app',
      text === undefined ? {} : { authorization: `Bearer ${text}` },
    );

    expect(reply.status).toBe(status);
    expect(reply.field('message')).toContain(word);
  });

  test('opens no repository', async () => {
    const reply = await call(github, 'GET', '/repos/acme/api', { authorization: `Bearer ${jwtOf(app)}` });

    expect(reply.status).toBe(401);
  });
});

describe('a token of an installation', () => {
  const read = async (token: string, path: string) =>
    (await call(github, 'GET', path, { authorization: `token ${token}` })).status;

  test('looks like GitHub’s, which are long now', async () => {
    const token = await tokenOf(github, app, api.installationId);

    expect(token).toMatch(/^ghs_\d+_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(token.length).toBeGreaterThan(40);
  });

  test('reaches the repositories of its own account, and public ones to read', async () => {
    const token = await tokenOf(github, app, api.installationId);

    expect(await read(token, '/repos/acme/api')).toBe(200);
    expect(await read(token, '/repos/acme/web')).toBe(200);
    expect(await read(token, '/repos/other/open')).toBe(200);
    expect(await read(token, '/repos/other/hidden')).toBe(404);
    const body = { name: 'ci', head_sha: 'f'.repeat(40) };
    const write = await call(github, 'POST', '/repos/other/open/check-runs', {
      authorization: `token ${token}`,
      body,
    });
    expect(write.status).toBe(403);
  });

  test('can be narrowed to repositories', async () => {
    const byId = await tokenOf(github, app, api.installationId, { repository_ids: [web.id] });
    const byName = await tokenOf(github, app, api.installationId, { repositories: ['WEB'] });

    for (const token of [byId, byName]) {
      expect(await read(token, '/repos/acme/web')).toBe(200);
      expect(await read(token, '/repos/acme/api')).toBe(404);
    }
  });

  test('can be narrowed to permissions', async () => {
    const token = await tokenOf(github, app, api.installationId, { permissions: { contents: 'read' } });
    const authorization = `token ${token}`;

    const body = { name: 'ci', head_sha: 'f'.repeat(40) };
    const check = await call(github, 'POST', '/repos/acme/api/check-runs', { authorization, body });

    expect(check.status).toBe(403);
    expect(check.field('message')).toBe('Resource not accessible by integration');
    expect(check.headers.get('x-accepted-github-permissions')).toBe('checks=write');
    expect(await read(token, '/repos/acme/api/branches')).toBe(200);
  });

  test.each<[string, object, string]>([
    ['a permission that the app does not have', { permissions: { actions: 'write' } }, 'not granted'],
    ['more than the app has', { permissions: { contents: 'write' } }, 'not granted'],
    ['a repository of another account', { repositories: ['hidden'] }, 'not accessible'],
    ['a repository that is not there', { repository_ids: [1] }, 'not accessible'],
  ])('is not given for %s', async (_, body, word) => {
    const path = `/app/installations/${api.installationId}/access_tokens`;
    const reply = await call(github, 'POST', path, { authorization: `Bearer ${jwtOf(app)}`, body });

    expect(reply.status).toBe(422);
    expect(reply.field('message')).toContain(word);
  });

  test('is not given for an installation that is not there', async () => {
    const reply = await call(github, 'POST', '/app/installations/1/access_tokens', {
      authorization: `Bearer ${jwtOf(app)}`,
    });

    expect(reply.status).toBe(404);
  });

  test('expires after an hour', async () => {
    const token = await tokenOf(github, app, api.installationId);
    clock = 59 * 60_000;
    const before = await read(token, '/repos/acme/api');
    clock = 61 * 60_000;
    const after = await read(token, '/repos/acme/api');
    clock = 0;

    expect([before, after]).toEqual([200, 401]);
  });

  test('opens nothing of the app’s', async () => {
    expect(await read(await tokenOf(github, app, api.installationId), '/app')).toBe(401);
  });
});

test('without any credentials only public repositories are seen', async () => {
  const open = await call(github, 'GET', '/repos/other/open');
  const hidden = await call(github, 'GET', '/repos/other/hidden');
  const listed = await call(github, 'GET', '/installation/repositories');

  expect([open.status, hidden.status, listed.status]).toEqual([200, 404, 401]);
});
