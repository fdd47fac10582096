import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { CONFIG_FILE, TOOLCHAIN_FILES } from '../../src/core/config/toolchain-files.ts';
import type { GitHubEvent, RepositoryRef } from '../../src/core/plan/event.ts';
import type { Check } from '../../src/core/report/check.ts';
import { createChecks } from '../../src/github/checks.ts';
import { createGitHubClients, type GitHubClients } from '../../src/github/clients.ts';
import { createProbotApp } from '../../src/github/probot-app.ts';
import { readEvent } from '../../src/github/read-event.ts';
import { createRepositories } from '../../src/github/repositories.ts';
import { createWebhookHandler } from '../../src/github/webhook-handler.ts';
import { type GitHub, startGitHub } from '../github/github.ts';
import { recordingLog } from './fixture.ts';

const SECRET = 'sesame';

let github: GitHub;
let clients: GitHubClients;
let repository: RepositoryRef;
let base: string;
let webhooks: Server;
const events: GitHubEvent[] = [];

beforeAll(async () => {
  github = await startGitHub();
  const { appId, privateKey } = await github.createApp({ webhookSecret: SECRET });
  clients = createGitHubClients({ appId, privateKey, baseUrl: `${github.url}/api/v3`, log: recordingLog() });

  const { probot, receive } = await createProbotApp({
    clients,
    secret: SECRET,
    log: pino({ level: 'silent' }),
  });
  await probot.load((app) => {
    app.on(
      'push',
      ({ id, name, payload }) => void events.push(readEvent({ id, name, payload: { ...payload } }, appId)),
    );
  });
  const handle = createWebhookHandler({ secret: SECRET, receive, log: recordingLog() });
  webhooks = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => webhooks.listen(0, '127.0.0.1', resolve));
  github.setWebhook(`http://127.0.0.1:${(webhooks.address() as AddressInfo).port}/`, SECRET);

  const created = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  repository = {
    installationId: created.installationId,
    id: created.id,
    owner: 'acme',
    name: 'api',
    defaultBranch: 'main',
    cloneUrl: created.cloneUrl,
    htmlUrl: `${github.url}/acme/api`,
  };
  const files = {
    [CONFIG_FILE]: 'go: 1.25\n',
    'go.mod': 'module x\n',
    'web/package.json': '{}',
    'web/a.ts': '',
  };
  base = (await github.pushFiles('acme/api', { files, message: 'feat: begin\n\nBody.' })).sha as string;
  await github.waitForDeliveries();
}, 30_000);

afterAll(async () => {
  webhooks.closeAllConnections();
  webhooks.close();
  await github.close();
});

const repositories = () =>
  createRepositories(clients, { configFile: CONFIG_FILE, toolchainFiles: TOOLCHAIN_FILES });

test('a push arrives as the event it was', () => {
  expect(events[0]).toEqual({
    kind: 'push',
    pushedAt: expect.any(Date),
    deliveryId: github.deliveries[0]!.guid,
    repository,
    ref: { kind: 'branch', name: 'main' },
    before: null,
    sha: base,
    forced: false,
    message: 'feat: begin\n\nBody.',
    sender: { id: expect.any(Number), login: 'developer', bot: false },
  });
});

describe('against the stand-in', () => {
  test('a snapshot is one request', async () => {
    github.resetRequests();

    const snapshot = await repositories().snapshot(repository, base, []);

    expect(snapshot).toEqual({
      message: 'feat: begin\n\nBody.',
      config: { oid: expect.stringMatching(/^[0-9a-f]{40}$/), text: 'go: 1.25\n' },
      root: { entries: [CONFIG_FILE, 'go.mod', 'web'], text: { 'go.mod': 'module x\n' } },
      branches: new Map(),
    });
    expect(github.countRequests({ excludeTokens: true })).toBe(1);
  }, 30_000);

  test('a commit that is not there is a failure', async () => {
    await expect(repositories().snapshot(repository, 'f'.repeat(40), [])).rejects.not.toMatchObject({
      name: 'UserError',
    });
  });

  test('project files are those of the directories', async () => {
    const files = await repositories().projectFiles(repository, base, ['web', 'gone']);

    expect([...files]).toEqual([
      ['web', { entries: ['a.ts', 'package.json'], text: { 'package.json': '{}' } }],
      ['gone', { entries: [], text: {} }],
    ]);
  });

  test('changed files are those since the merge base', async () => {
    const head = await github.commit('acme/api', {
      files: { 'web/a.ts': null, 'web/b.ts': 'x' },
      parents: [base],
      message: 'feat: more',
    });

    const changed = await repositories().changedFiles(repository, base, head);

    expect(changed.complete).toBe(true);
    expect([...changed.files].sort()).toEqual(['web/a.ts', 'web/b.ts']);
  });

  test('a clone token is given, once', async () => {
    const port = repositories();

    const { token, expiresAt } = await port.cloneToken(repository, 'trusted');

    expect(token).toMatch(/^ghs_/);
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 30 * 60_000);
    expect((await port.cloneToken(repository, 'trusted')).token).toBe(token);
  });

  test('a check goes from queued to its verdict, and is found again', async () => {
    const checks = createChecks(clients);
    const queued: Check = {
      name: 'tekton-ci',
      headSha: base,
      externalId: 'api-1',
      detailsUrl: 'https://ci.example.com/runs/api-1',
      status: 'queued',
      output: { title: 'Queued', summary: 'Queued', annotations: [] },
    };
    const annotations = Array.from({ length: 60 }, (_, index) => {
      return {
        path: 'go.mod',
        startLine: index + 1,
        endLine: index + 1,
        level: 'failure',
        message: 'x',
      } as const;
    });
    const at = new Date();

    const id = await checks.create(repository, queued);
    await checks.update(repository, id, { ...queued, status: 'in_progress', startedAt: at });
    await checks.update(repository, id, {
      ...queued,
      status: 'completed',
      conclusion: 'failure',
      startedAt: at,
      completedAt: at,
      output: { title: 'test failed', summary: 'It failed', annotations },
    });

    const expected = {
      id,
      name: 'tekton-ci',
      externalId: 'api-1',
      status: 'completed',
      conclusion: 'failure',
    };
    expect(await checks.list(repository, base, 'tekton-ci')).toEqual([expected]);
    expect(await checks.list(repository, base)).toEqual([expected]);
    expect(await checks.list(repository, base, 'another')).toEqual([]);
  });
});

test('nothing that was asked is against GitHub’s own description', () => {
  expect(github.violations).toEqual([]);
});
