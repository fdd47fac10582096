import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { run, startTestSite } from './test-site.ts';

let site: Awaited<ReturnType<typeof startTestSite>>;

beforeAll(async () => {
  site = await startTestSite();
});
beforeEach(() => site.clear());
afterAll(() => site.close());

describe('routes', () => {
  test('a POST to the webhook path gets the handler’s answer', async () => {
    const answer = await site.ask('POST', '/api/github/webhooks?x=1');

    expect(answer).toMatchObject({ status: 202, body: 'taken' });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  test.each([
    ['GET', '/api/github/webhooks', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['PUT', '/readyz', 'GET, HEAD'],
    ['POST', '/runs/x/y', 'GET, HEAD'],
    ['DELETE', '/runs/x/y/logs/test', 'GET, HEAD'],
  ])('%s %s is not allowed, and the answer says what is', async (method, path, allow) => {
    const answer = await site.ask(method, path);

    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allow);
  });

  test.each([
    ['the root', '/'],
    ['a file', '/favicon.ico'],
    ['a known path with a slash', '/healthz/'],
    ['no run', '/runs'],
    ['an empty name', '/runs/'],
    ['no signature', '/runs/run'],
    ['a doubled slash', '//runs/run'],
    ['dots', '/runs/../../etc/passwd'],
    ['encoded dots', '/runs/%2e%2e%2f%2e%2e%2fetc%2fpasswd/x'],
    ['a broken encoding', '/runs/%E0%A4%A/x'],
    ['a NUL', '/runs/run/%00'],
    ['more after the webhook path', '/api/github/webhooks/../../../etc/passwd'],
    ['a huge name', `/runs/${'a'.repeat(10_000)}/x`],
  ])('there is nothing at %s', async (_, path) => {
    expect((await site.get(path)).status).toBe(404);
  });

  test('every answer has the security headers', async () => {
    site.runs.set('run', run());
    const paths = [
      '/healthz',
      '/readyz',
      '/nothing',
      site.page('run'),
      `${site.page('run')}/logs/test`,
      site.page('broken'),
    ];

    for (const path of paths) {
      const { headers } = await site.get(path);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; require-trusted-types-for 'script';/,
        ),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
      });
      expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    }
  });

  test('an error is a plain 500 without details; the log has them, but not the signed address', async () => {
    site.parts.findRun = async () => {
      throw new Error('the secret detail');
    };

    const answer = await site.get(site.page('broken'));

    expect(answer).toMatchObject({ status: 500, body: 'internal error\n' });
    expect(site.logged).toHaveLength(1);
    expect(site.logged[0]!.fields).toMatchObject({
      err: expect.objectContaining({ message: 'the secret detail' }),
    });
    expect(JSON.stringify(site.logged)).not.toContain(site.page('broken').split('/').at(-1));
  });
});

describe('health', () => {
  test('the process is up', async () => {
    expect(await site.get('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await site.ask('HEAD', '/healthz')).toMatchObject({ status: 200, body: '' });
  });

  test('ready when every check is; else 503 and which is not', async () => {
    expect(await site.get('/readyz')).toMatchObject({ status: 200, body: 'ok\n' });

    site.parts.ready = { engine: () => false };
    expect(await site.get('/readyz')).toMatchObject({ status: 503, body: 'not ready: engine\n' });

    site.parts.ready.list = () => {
      throw new Error('no answer');
    };
    expect(await site.get('/readyz')).toMatchObject({
      status: 503,
      body: 'not ready: engine, first list of runs\n',
    });
  });
});

describe('who may read', () => {
  test('a wrong signature gets the very answer of a run that does not exist', async () => {
    site.runs.set('run', run());
    const [unknown, tampered, none] = await Promise.all([
      site.get(site.page('unknown')),
      site.get(`${site.page('run').slice(0, -1)}!`),
      site.get(`${site.page('run').slice(0, -1)}!/logs/test`),
    ]);

    const { date: _, ...headers } = unknown.headers;
    for (const answer of [tampered, none]) {
      expect(answer).toMatchObject({ status: 404, body: unknown.body, headers });
    }
  });

  test('one run’s signature does not open another', async () => {
    site.runs.set('run', run());
    site.runs.set('other', run({ name: 'other' }));

    const path = site.page('run').replace('/run/', '/other/');

    expect((await site.get(path)).status).toBe(404);
  });
});
