import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, jwtOf } from './api-client.ts';
import { type CreatedApp, type GitHub, startGitHub } from './github.ts';

const DAY = 24 * 3_600_000;
let github: GitHub;
let app: CreatedApp;
let clock = 0;

beforeAll(async () => {
  github = await startGitHub({ now: () => new Date(Date.now() + clock) });
  // Nobody listens there, so that every delivery fails.
  app = await github.createApp({ webhookSecret: 'secret', webhookUrl: 'http://127.0.0.1:9/' });
});

afterAll(() => github.close());

function asApp(method: string, path: string, of = app) {
  const now = Math.floor((Date.now() + clock) / 1000);
  const jwt = jwtOf(of, { iat: now - 30, exp: now + 500 });
  return call(github, method, path, { authorization: `Bearer ${jwt}` });
}

test('deliveries are kept three days, and only for their own app', async () => {
  await github.deliver('push', { ref: 'refs/heads/main' }, { guid: 'old' });
  clock = 2 * DAY;
  await github.deliver('push', { ref: 'refs/heads/main' }, { guid: 'new' });
  const other = await github.createApp({ slug: 'other', webhookSecret: 's' });

  const both = await asApp('GET', '/app/hook/deliveries');
  const theirs = await asApp('GET', '/app/hook/deliveries', other);
  clock = 3.5 * DAY;
  const rest = await asApp('GET', '/app/hook/deliveries');
  const [old] = github.deliveries;
  const gone = await asApp('POST', `/app/hook/deliveries/${old?.id}/attempts`);

  expect([both.field(0, 'guid'), both.field(1, 'guid')]).toEqual(['new', 'old']);
  expect(theirs.field()).toEqual([]);
  expect(rest.field()).toMatchObject([{ guid: 'new', status: 'failed to connect to host', status_code: 0 }]);
  expect(gone.status).toBe(404);
});

test('they can be asked for by how they ended', async () => {
  const failed = await asApp('GET', '/app/hook/deliveries?status=failure');
  const fine = await asApp('GET', '/app/hook/deliveries?status=success');
  const wrong = await asApp('GET', '/app/hook/deliveries?cursor=nonsense');

  expect(failed.field(0, 'guid')).toBe('new');
  expect(fine.field()).toEqual([]);
  expect(wrong.status).toBe(422);
});
