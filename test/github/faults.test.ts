import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { call, tokenOf } from './api-client.ts';
import { type GitHub, primaryRateLimit, secondaryRateLimit, startGitHub } from './github.ts';

let github: GitHub;
let sha: string;
let authorization: string;

beforeEach(async () => {
  github = await startGitHub();
  const app = await github.createApp({ webhookSecret: 'secret' });
  const { installationId } = await github.createRepository({ owner: 'acme', name: 'api' });
  sha = (await github.pushFiles('acme/api', { files: { a: '1' } })).sha;
  authorization = `token ${await tokenOf(github, app, installationId)}`;
  github.resetRequests();
});

afterEach(() => github.close());

function create(name = 'ci') {
  const body = { name, head_sha: sha };
  return call(github, 'POST', '/repos/acme/api/check-runs', { authorization, body });
}

const read = () => call(github, 'GET', '/repos/acme/api', { authorization });

describe('a fault', () => {
  test('answers as often as it says, does nothing meanwhile, and is over', async () => {
    const fault = github.fail({
      match: 'checks/create',
      times: 2,
      status: 502,
      body: { message: 'Bad Gateway' },
    });

    const replies = [await create(), await create(), await create()];

    expect(replies.map(({ status }) => status)).toEqual([502, 502, 201]);
    expect(replies[0]?.field('message')).toBe('Bad Gateway');
    expect(github.checks('acme/api')).toHaveLength(1);
    expect(fault.remaining()).toBe(0);
  });

  test('befalls what its predicate says', async () => {
    github.fail({
      match: ({ body }) => JSON.stringify(body)?.includes('unlucky') ?? false,
      times: Infinity,
      status: 500,
    });

    expect([(await create('lucky')).status, (await create('unlucky')).status]).toEqual([201, 500]);
  });

  test('can do the work and lose the answer', async () => {
    github.fail({ match: 'checks/create', status: 504, afterEffect: true });

    const reply = await create();

    expect(reply.status).toBe(504);
    expect(github.checks('acme/api')).toHaveLength(1);
  });

  test('can cut the connection, before or after the work', async () => {
    github.fail({ match: 'checks/create', dropConnection: true });
    await expect(create()).rejects.toThrow();
    const before = github.checks('acme/api').length;
    github.fail({ match: 'checks/create', dropConnection: true, afterEffect: true });
    await expect(create()).rejects.toThrow();

    expect([before, github.checks('acme/api').length]).toEqual([0, 1]);
    expect(github.requests.map(({ status }) => status)).toEqual([null, null]);
  });

  test('can never answer, until the end', async () => {
    github.fail({ match: 'checks/create', hang: true, afterEffect: true });
    const hold = github.hold('checks/create', { afterEffect: true });
    const reply = create().catch(() => 'cut');
    await hold.arrived;

    expect(github.checks('acme/api')).toHaveLength(1);
    await github.close();
    expect(await reply).toBe('cut');
  });

  test('can be late', async () => {
    github.fail({ match: 'repos/get', delayMs: 50 });
    const started = performance.now();

    const reply = await read();

    expect(reply.status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(45);
  });

  test('applies to GraphQL and to tokens too', async () => {
    github.fail({ match: 'graphql', status: 502 });
    github.fail({ match: 'apps/create-installation-access-token', status: 500 });

    const query = await call(github, 'POST', '/graphql', {
      authorization,
      body: { query: '{ rateLimit { limit } }' },
    });
    const mint = await call(github, 'POST', '/app/installations/1/access_tokens');

    expect([query.status, mint.status]).toEqual([502, 500]);
  });

  test('looks like GitHub’s rate limits', async () => {
    github.fail({ match: 'repos/get', ...primaryRateLimit(new Date(1_900_000_000_000)) });
    github.fail({ match: 'repos/get', ...secondaryRateLimit(7, 429) });

    const primary = await read();
    const secondary = await read();

    expect(primary.status).toBe(403);
    expect(primary.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(primary.headers.get('x-ratelimit-reset')).toBe('1900000000');
    expect(secondary.status).toBe(429);
    expect(secondary.headers.get('retry-after')).toBe('7');
  });
});

test('a request can be held, seen, and let go', async () => {
  const hold = github.hold('checks/create');
  const reply = create('held');

  const arrived = await hold.arrived;
  const meanwhile = github.checks('acme/api').length;
  hold.release();

  expect(arrived).toMatchObject({ operation: 'checks/create', body: { name: 'held' }, status: null });
  expect(meanwhile).toBe(0);
  expect((await reply).status).toBe(201);
  expect((await create('free')).status).toBe(201);
});

describe('requests', () => {
  test('are kept with what they were', async () => {
    await create();

    expect(github.requests).toMatchObject([
      {
        kind: 'rest',
        method: 'POST',
        operation: 'checks/create',
        route: '/repos/{owner}/{repo}/check-runs',
        status: 201,
      },
    ]);
    expect(github.requests[0]?.installation).not.toBeNull();
  });

  test('are counted without git, and without tokens when told', async () => {
    await read();
    await call(github, 'POST', '/app/installations/1/access_tokens');
    await fetch(`${github.url}/acme/api.git/info/refs?service=git-upload-pack`).then((response) =>
      response.text(),
    );

    expect(github.requests).toHaveLength(3);
    expect(github.countRequests()).toBe(2);
    expect(github.countRequests({ excludeTokens: true })).toBe(1);
    expect(github.countRequests({ match: 'repos/get' })).toBe(1);
  });
});

describe('secondary limits, when they are on', () => {
  test('stop writes of one minute', async () => {
    github.setLimits({ writesPerMinute: 2 });

    const statuses = [
      (await create()).status,
      (await create()).status,
      (await create()).status,
      (await read()).status,
    ];

    expect(statuses).toEqual([201, 201, 403, 200]);
  });

  test('stop creations and say when to come again', async () => {
    github.setLimits({ creationsPerMinute: 1 });
    await create();

    const reply = await create();

    expect(reply.field('message')).toContain('secondary rate limit');
    expect(reply.headers.get('retry-after')).toBe('60');
  });

  test('stop what comes at once', async () => {
    github.setLimits({ concurrent: 1 });
    const hold = github.hold('repos/get');
    const first = read();
    await hold.arrived;

    const second = await read();
    hold.release();

    expect(second.status).toBe(403);
    expect((await first).status).toBe(200);
    expect((await read()).status).toBe(200);
  });
});
