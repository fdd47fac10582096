import { createPublicKey, verify } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { TryLaterError } from '../../src/app/ports.ts';
import { GitHubRequestError, isUnknownInstallation } from '../../src/github/github-request-error.ts';
import {
  APP_ID,
  ENTERPRISE,
  failureOf,
  INSTALLATION,
  NOW,
  PRIVATE_KEY,
  PUBLIC,
  recordingLog,
  TOKEN,
  testClients,
} from './fixture.ts';
import { nockToken } from './nock-token.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => nock.restore());

const REPO = { owner: 'acme', repo: 'api' };

describe.each([PUBLIC, ENTERPRISE])('clients of %s', (baseUrl) => {
  test('an installation signs with a token that is minted once however many ask, on its own host', async () => {
    nockToken(baseUrl);
    nock(baseUrl)
      .get('/repos/acme/api')
      .twice()
      .matchHeader('authorization', `token ${TOKEN}`)
      .reply(200, { id: 42 });
    const clients = testClients({ baseUrl });

    const read = () => clients.installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO);
    const answers = await Promise.all([read(), read()]);

    expect(answers.map(({ data }) => data.id)).toEqual([42, 42]);
  });

  test('GraphQL goes to the address that the host has for it', async () => {
    nockToken(baseUrl);
    const path = baseUrl === PUBLIC ? '/graphql' : '/api/graphql';
    nock(new URL(baseUrl).origin)
      .post(path)
      .reply(200, { data: { viewer: { login: 'x' } } });

    const answer = await testClients({ baseUrl }).installation(INSTALLATION).graphql('{ viewer { login } }');

    expect(answer).toEqual({ viewer: { login: 'x' } });
  });

  test('the app signs its own requests with a JWT that GitHub can verify', async () => {
    let authorization = '';
    const keep = (value: unknown) => {
      authorization = String(value);
      return true;
    };
    nock(baseUrl).get('/app').matchHeader('authorization', keep).reply(200, { id: APP_ID });

    await testClients({ baseUrl }).app().request('GET /app');

    const [head, body, signature] = authorization.replace('bearer ', '').split('.');
    const publicKey = createPublicKey(PRIVATE_KEY);
    const signed = Buffer.from(`${head}.${body}`);
    expect(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature!, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(body!, 'base64url').toString()).iss).toBe(APP_ID);
  });
});

describe('tokens', () => {
  test('a token is used until five minutes before its end, then minted anew', async () => {
    let now = NOW;
    const clients = testClients({ clock: { now: () => now } });
    const read = () => clients.installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO);
    nockToken();
    nock(PUBLIC).get('/repos/acme/api').twice().matchHeader('authorization', `token ${TOKEN}`).reply(200, {});
    await read();
    now = new Date('2026-11-23T10:54:59Z');
    await read();

    now = new Date('2026-11-23T10:55:01Z');
    nockToken(PUBLIC, 'ghs_next');
    nock(PUBLIC).get('/repos/acme/api').matchHeader('authorization', 'token ghs_next').reply(200, {});

    await expect(read()).resolves.toMatchObject({ status: 200 });
  });

  test('a token that GitHub no longer takes is forgotten, and the request is not repeated', async () => {
    const clients = testClients();
    const read = () => clients.installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO);
    nockToken();
    nock(PUBLIC).get('/repos/acme/api').reply(401, { message: 'Bad credentials' });
    await expect(read()).rejects.toMatchObject({ name: 'GitHubRequestError', status: 401 });

    nockToken(PUBLIC, 'ghs_next');
    nock(PUBLIC).get('/repos/acme/api').matchHeader('authorization', 'token ghs_next').reply(200, {});

    await expect(read()).resolves.toMatchObject({ status: 200 });
  });

  test('a mint that failed is tried again by the next request', async () => {
    const clients = testClients();
    const read = () => clients.installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO);
    nock(PUBLIC).post(`/app/installations/${INSTALLATION}/access_tokens`).reply(500, 'oops');
    await expect(read()).rejects.toMatchObject({ status: 500 });

    nockToken();
    nock(PUBLIC).get('/repos/acme/api').reply(200, {});

    await expect(read()).resolves.toMatchObject({ status: 200 });
  });

  test.each([
    [404, 'Not Found', true],
    [403, 'This installation has been suspended', true],
    [403, 'Resource not accessible by integration', false],
    [500, 'Server Error', false],
  ])('a mint answered %d "%s" means an unknown installation: %s', async (status, message, unknown) => {
    nock(PUBLIC).post(`/app/installations/${INSTALLATION}/access_tokens`).reply(status, { message });

    const error = await failureOf(
      testClients().installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(isUnknownInstallation(error)).toBe(unknown);
  });

  test('a repository that is not found does not mean an unknown installation', async () => {
    nockToken();
    nock(PUBLIC).get('/repos/acme/api').reply(404, { message: 'Not Found' });

    const error = await failureOf(
      testClients().installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(isUnknownInstallation(error)).toBe(false);
  });

  test('a private key that cannot be read is refused at once, without its text', () => {
    expect(() => testClients({ privateKey: '-----BEGIN RSA PRIVATE KEY-----sesame' })).toThrow(
      expect.objectContaining({
        code: 'private-key-unreadable',
        message: expect.not.stringContaining('sesame'),
      }),
    );
  });

  test('a private key may be written on one line', () => {
    expect(() => testClients({ privateKey: PRIVATE_KEY.replaceAll('\n', '\\n') })).not.toThrow();
  });
});

describe('no call leaves the host', () => {
  test.each(['https://evil.example/x', 'http://api.github.com/x', 'https://api.github.com.evil.example/x'])(
    'an address at %s is refused',
    async (url) => {
      nockToken();

      const error = await failureOf(testClients().installation(INSTALLATION).request(`GET ${url}`));

      expect(error).toMatchObject({ name: 'GitHubRequestError', status: null });
      expect(String(error)).toContain('FOREIGN_ORIGIN');
    },
  );

  test('a redirect to another host is refused', async () => {
    nockToken();
    nock(PUBLIC).get('/repos/acme/api').reply(301, '', { location: 'https://evil.example/repos/acme/api' });
    const evil = nock('https://evil.example').get('/repos/acme/api').optionally().reply(200, {});
    const asked: string[] = [];
    evil.on('request', () => asked.push('evil'));

    const error = await failureOf(
      testClients().installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(String(error)).toContain('FOREIGN_ORIGIN');
    expect(asked).toEqual([]);
  });

  test('a redirect on the host is followed with the same method and body: the repository was renamed', async () => {
    nockToken();
    const body = { name: 'tekton-ci', head_sha: 'a'.repeat(40) };
    nock(PUBLIC)
      .post('/repos/acme/api/check-runs')
      .reply(307, '', { location: '/repositories/42/check-runs' });
    nock(PUBLIC).post('/repositories/42/check-runs', body).reply(201, { id: 5 });

    const request = testClients()
      .installation(INSTALLATION)
      .request('POST /repos/{owner}/{repo}/check-runs', { ...REPO, ...body });

    await expect(request).resolves.toMatchObject({ status: 201, data: { id: 5 } });
  });

  test('a circle of redirects ends', async () => {
    nockToken();
    nock(PUBLIC).get('/repos/acme/api').times(4).reply(301, '', { location: '/repos/acme/api' });

    const request = testClients().installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO);

    await expect(request).rejects.toThrow('TOO_MANY_REDIRECTS');
  });
});

describe('failures', () => {
  const limited = (headers: Record<string, string>) => headers;
  const inThirty = String(NOW.getTime() / 1000 + 30);

  test.each([
    [403, limited({ 'retry-after': '17' }), 'You have exceeded a secondary rate limit', 17],
    [429, limited({ 'retry-after': '3' }), 'Too many requests', 3],
    [
      403,
      limited({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inThirty }),
      'API rate limit exceeded',
      30,
    ],
    [403, limited({}), 'You have exceeded a secondary rate limit. Please wait.', 60],
    [429, limited({}), 'Too many requests', 60],
    [429, limited({ 'retry-after': 'Mon, 23 Nov 2026 10:00:20 GMT' }), 'Too many requests', 20],
    [429, limited({ 'retry-after': 'soon' }), 'Too many requests', 60],
    [429, limited({ 'retry-after': '-5' }), 'Too many requests', 1],
    [429, limited({ 'retry-after': '9999999' }), 'Too many requests', 3600],
    [503, limited({ 'retry-after': '9' }), 'Down for maintenance', 9],
  ])('%d with %j, "%s", asks to come again in %d s', async (status, headers, message, seconds) => {
    nockToken();
    nock(PUBLIC).get('/repos/acme/api').reply(status, { message }, headers);

    const error = await failureOf(
      testClients().installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(error).toBeInstanceOf(TryLaterError);
    expect(error).toMatchObject({ retryAfterSeconds: seconds });
  });

  test('while GitHub asks to wait, nothing more is asked of it; GraphQL and REST are counted apart', async () => {
    let now = NOW;
    nockToken();
    nock(PUBLIC).get('/repos/acme/api').reply(429, { message: 'Too many requests' }, { 'retry-after': '17' });
    nock(PUBLIC)
      .post('/graphql')
      .reply(200, { data: { x: 1 } });
    const octokit = testClients({ clock: { now: () => now } }).installation(INSTALLATION);
    const read = () => octokit.request('GET /repos/{owner}/{repo}', REPO);
    await failureOf(read());

    now = new Date(NOW.getTime() + 16_000);
    expect(await failureOf(read())).toMatchObject({ name: 'TryLaterError', retryAfterSeconds: 1 });
    await octokit.graphql('{ x }');

    now = new Date(NOW.getTime() + 17_000);
    nock(PUBLIC).get('/repos/acme/api').reply(200, { id: 42 });
    await expect(read()).resolves.toMatchObject({ data: { id: 42 } });
  });

  test.each([
    [403, { message: 'Resource not accessible by integration' }, 'Resource not accessible by integration'],
    [404, { message: 'Not Found' }, 'Not Found'],
    [410, { message: 'Gone' }, 'Gone'],
    [
      422,
      { message: 'Invalid request.', errors: ['title is missing'] },
      'Invalid request.; title is missing',
    ],
    [
      422,
      {
        message: 'Validation Failed',
        errors: [{ resource: 'CheckRun', field: 'name', code: 'missing', value: 'x' }],
      },
      'Validation Failed; name missing',
    ],
    [500, { message: 'Server Error' }, 'Server Error'],
    [502, '<html>token in a page</html>', 'no explanation'],
    [503, { message: 'Unavailable' }, 'Unavailable'],
  ])('%d is an ordinary error that says route, status and GitHub’s words', async (status, body, words) => {
    nockToken();
    nock(PUBLIC).get('/repos/acme/api').reply(status, body);

    const error = await failureOf(
      testClients().installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(error).toBeInstanceOf(GitHubRequestError);
    expect(error).toMatchObject({
      status,
      method: 'GET',
      route: '/repos/{owner}/{repo}',
      message: `GitHub answered ${status} to GET /repos/{owner}/{repo}: ${words}`,
    });
  });

  test('a connection that fails is told by its code', async () => {
    nockToken();
    const reset = Object.assign(new Error('socket with everything in it'), { code: 'ECONNRESET' });
    nock(PUBLIC).get('/repos/acme/api').replyWithError(reset);

    const error = await failureOf(
      testClients().installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(error).toMatchObject({ status: null });
    expect(String(error)).toBe(
      'GitHubRequestError: GitHub did not answer GET /repos/{owner}/{repo}: ECONNRESET',
    );
  });

  test('a token that something on the way quotes is masked', async () => {
    nockToken();
    nock(PUBLIC)
      .get('/repos/acme/api')
      .reply(500, { message: `no route for authorization: token ${TOKEN}` });

    const error = await failureOf(
      testClients().installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(String(error)).toContain('no route for');
    expect(String(error)).not.toContain(TOKEN.slice(0, 20));
  });

  test.each([
    ['refused', (scope: nock.Interceptor) => scope.reply(422, { message: 'Invalid' })],
    ['limited', (scope: nock.Interceptor) => scope.reply(403, { message: 'secondary rate limit' })],
    [
      'cut',
      (scope: nock.Interceptor) => scope.replyWithError(Object.assign(new Error('x'), { code: 'EPIPE' })),
    ],
  ])('a request that was %s leaves no token, header or body in the error or the log', async (_, answer) => {
    nockToken();
    answer(nock(PUBLIC).post('/repos/acme/api/check-runs'));
    const log = recordingLog();
    const body = { name: 'body-marker', head_sha: 'a'.repeat(40) };

    const error = await failureOf(
      testClients({ log })
        .installation(INSTALLATION)
        .request('POST /repos/{owner}/{repo}/check-runs', { ...REPO, ...body }),
    );

    const everything =
      inspect([error, log.lines], { depth: 20, showHidden: true }) + JSON.stringify([error, log.lines]);
    expect(everything).not.toMatch(/ghs_|eyJ|authorization|user-agent|body-marker/i);
    expect(everything).toContain('/repos/{owner}/{repo}/check-runs');
  });
});

describe('over real sockets', () => {
  const open: { close(): void; closeAllConnections(): void }[] = [];
  beforeEach(() => nock.enableNetConnect('127.0.0.1'));
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      if (!request.url?.endsWith('/access_tokens')) return listener(request, response);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ token: TOKEN, expires_at: '2026-11-23T11:00:00Z' }));
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
  }

  test('a request that is not answered ends after its time-out', async () => {
    const baseUrl = await serve(() => {});

    const error = await failureOf(
      testClients({ baseUrl, timeoutMs: 100 })
        .installation(INSTALLATION)
        .request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(error).toMatchObject({ status: null });
    expect(String(error)).toContain('TimeoutError');
  });

  test('an answer that stops in the middle is a failure, not an empty answer', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    });

    const request = testClients({ baseUrl })
      .installation(INSTALLATION)
      .request('GET /repos/{owner}/{repo}', REPO);

    await expect(request).rejects.toMatchObject({ name: 'GitHubRequestError', status: null });
  });

  test('the caller’s signal ends a request that is under way', async () => {
    const controller = new AbortController();
    const baseUrl = await serve(() => controller.abort(new Error('not wanted')));

    const signal = { request: { signal: controller.signal } };
    const request = testClients({ baseUrl })
      .installation(INSTALLATION)
      .request('GET /repos/{owner}/{repo}', { ...REPO, ...signal });

    await expect(request).rejects.toThrow('not wanted');
  });

  test('nothing that failed is sent twice', async () => {
    let requests = 0;
    const baseUrl = await serve((_, response) => {
      requests += 1;
      response.writeHead(502).end();
    });

    await failureOf(
      testClients({ baseUrl }).installation(INSTALLATION).request('GET /repos/{owner}/{repo}', REPO),
    );

    expect(requests).toBe(1);
  });
});
