import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { pino } from 'pino';
import type { Probot } from 'probot';
import { createSecretRegister } from '../../src/app/runs/secret-register.ts';
import type { GitHubClients } from '../../src/github/clients.ts';
import { createProbotApp, type ProbotApp } from '../../src/github/probot-app.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import { logSettings } from '../../src/log.ts';
import { ENTERPRISE, INSTALLATION, PUBLIC, TOKEN, testClients } from './fixture.ts';
import { nockToken } from './nock-token.ts';

const asked: string[] = [];
const onNoMatch = (request: { method?: string; path?: string }) =>
  asked.push(`${request.method} ${request.path}`);

beforeEach(() => {
  asked.length = 0;
  nock.disableNetConnect();
  nock.emitter.on('no match', onNoMatch);
});
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.emitter.off('no match', onNoMatch);
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => nock.restore());

interface Setup extends ProbotApp {
  readonly logged: string[];
}

async function setUp(app: (probot: Probot) => void, clients: GitHubClients = testClients()): Promise<Setup> {
  const logged: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const secrets = createSecretRegister(systemClock);
  secrets.give('api-1', ['hunter2-of-a-run']);
  const log = pino(logSettings({ level: 'debug', secrets }), sink);
  const made = await createProbotApp({ clients, secret: 'sesame', log });
  await made.probot.load(app);
  return { ...made, logged };
}

const push = {
  id: 'guid-1',
  name: 'push',
  payload: { ref: 'refs/heads/main', marker: 'payload-marker', installation: { id: INSTALLATION } },
};

describe('events', () => {
  test('an event reaches its handler, and no request is made for it', async () => {
    const seen: unknown[] = [];
    const { receive } = await setUp((app) =>
      app.on('push', (context) => void seen.push([context.id, context.payload.ref])),
    );

    await receive(push);

    expect(seen).toEqual([['guid-1', 'refs/heads/main']]);
    expect(asked).toEqual([]);
  });

  test.each([
    { id: 'guid-2', name: 'star', payload: { action: 'created', installation: { id: INSTALLATION } } },
    {
      id: 'guid-3',
      name: 'installation',
      payload: { action: 'deleted', installation: { id: INSTALLATION } },
    },
    { id: 'guid-4', name: 'never_heard_of', payload: {} },
    { id: 'guid-5', name: 'constructor', payload: {} },
    { id: 'guid-6', name: 'push', payload: {} },
    { id: 'guid-7', name: 'push', payload: { action: 7, installation: { id: 'x' } } },
  ])('a $name event that nobody acts on makes no request ($id)', async (delivery) => {
    const { receive } = await setUp((app) => app.on('push', () => {}));

    await receive(delivery);

    expect(asked).toEqual([]);
  });

  test('the rejection of one handler among several is the delivery’s, and no payload gets into the log', async () => {
    const finished: string[] = [];
    const { receive, logged } = await setUp((app) => {
      app.on('push', async () => {
        throw new Error('the cluster is away');
      });
      app.on('push', async () => {
        await new Promise((resolve) => setImmediate(resolve));
        finished.push('the other');
      });
    });

    await expect(receive(push)).rejects.toThrow('the cluster is away');

    expect(finished).toEqual(['the other']);
    expect(logged.join('')).toContain('the cluster is away');
    expect(logged.join('')).not.toContain('payload-marker');
  });

  test('what a run was given is masked where a handler says it, and the message is there once', async () => {
    const { receive, logged } = await setUp((app) =>
      app.on('push', () => Promise.reject(new Error('refused: hunter2-of-a-run'))),
    );

    await expect(receive(push)).rejects.toThrow('refused');

    expect(logged.join('')).toContain('"message":"refused: ***"');
    expect(logged.join('')).not.toContain('hunter2');
  });

  test('an event of an installation that GitHub does not know of this app is ignored', async () => {
    nock(PUBLIC)
      .post(`/app/installations/${INSTALLATION}/access_tokens`)
      .reply(404, { message: 'Not Found' });
    const clients = testClients();
    const { receive, logged } = await setUp(
      (app) =>
        app.on(
          'push',
          async () => void (await clients.installation(INSTALLATION).request('GET /rate_limit')),
        ),
      clients,
    );

    await receive(push);

    expect(logged.join('')).toContain('ignored: the app is not installed there');
  });
});

describe.each([PUBLIC, ENTERPRISE])('what contexts ask of %s', (baseUrl) => {
  test('goes through the installation’s client: its host, its token, no retry', async () => {
    nockToken(baseUrl);
    nock(baseUrl)
      .get('/repos/acme/api')
      .matchHeader('authorization', `token ${TOKEN}`)
      .matchHeader('x-github-delivery', 'guid-1')
      .reply(500, { message: 'Server Error' });
    const { receive } = await setUp(
      (app) =>
        app.on('push', async ({ octokit }) => {
          await octokit.rest.repos.get({ owner: 'acme', repo: 'api' });
        }),
      testClients({ baseUrl }),
    );

    await expect(receive(push)).rejects.toThrow(
      'GitHub answered 500 to GET /repos/{owner}/{repo}: Server Error',
    );
  });

  test('GraphQL too', async () => {
    nockToken(baseUrl);
    const path = baseUrl === PUBLIC ? '/graphql' : '/api/graphql';
    nock(new URL(baseUrl).origin)
      .post(path)
      .matchHeader('authorization', `token ${TOKEN}`)
      .reply(200, { data: { viewer: { login: 'x' } } });
    const answers: unknown[] = [];
    const { receive } = await setUp(
      (app) =>
        app.on('push', async ({ octokit }) => {
          answers.push(await octokit.graphql('{ viewer { login } }'));
        }),
      testClients({ baseUrl }),
    );

    await receive(push);

    expect(answers).toEqual([{ viewer: { login: 'x' } }]);
  });

  test('the app’s own requests are signed by the app', async () => {
    nock(baseUrl)
      .get('/app')
      .matchHeader('authorization', /^bearer eyJ/)
      .reply(200, { id: 1 });
    const { probot } = await setUp(() => {}, testClients({ baseUrl }));

    const octokit = await probot.auth();

    await expect(octokit.rest.apps.getAuthenticated()).resolves.toMatchObject({ status: 200 });
  });

  test('an installation’s requests are signed by the installation', async () => {
    nockToken(baseUrl);
    nock(baseUrl).get('/repos/acme/api').matchHeader('authorization', `token ${TOKEN}`).reply(200, { id: 1 });
    const { probot } = await setUp(() => {}, testClients({ baseUrl }));

    const octokit = await probot.auth(INSTALLATION);

    await expect(octokit.rest.repos.get({ owner: 'acme', repo: 'api' })).resolves.toMatchObject({
      status: 200,
    });
  });
});

test('an event of no installation has nobody to act as', async () => {
  const { receive } = await setUp((app) =>
    app.on('push', async ({ octokit }) => {
      await octokit.rest.repos.get({ owner: 'acme', repo: 'api' });
    }),
  );

  await expect(receive({ ...push, payload: {} })).rejects.toThrow('nobody to act as');

  expect(asked).toEqual([]);
});
