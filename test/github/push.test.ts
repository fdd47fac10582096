import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GitHub, startGitHub } from './github.ts';
import { type HookServer, startHookServer } from './hook-server.ts';

let hook: HookServer;
let github: GitHub;

beforeAll(async () => {
  hook = await startHookServer();
});

beforeEach(async () => {
  github = await startGitHub();
  await github.createApp({ webhookSecret: 'secret', webhookUrl: hook.url });
  await github.createRepository({ owner: 'acme', name: 'api', private: true });
});

afterEach(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
});

afterAll(() => hook.close());

describe('the push event', () => {
  test('tells truthfully what a first push brought', async () => {
    const pushed = await github.pushFiles('acme/api', {
      files: { 'a.txt': 'a', 'b/c.txt': 'c' },
      message: 'One\n\nBody',
    });
    const delivery = await pushed.delivery;

    const repository = await github.createRepository({ owner: 'acme', name: 'other' });
    expect(delivery?.payload).toMatchObject({
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: pushed.sha,
      created: true,
      deleted: false,
      forced: false,
      head_commit: {
        id: pushed.sha,
        message: 'One\n\nBody',
        added: ['a.txt', 'b/c.txt'],
        modified: [],
        removed: [],
      },
      repository: {
        full_name: 'acme/api',
        private: true,
        default_branch: 'main',
        clone_url: `${github.url}/acme/api.git`,
        html_url: `${github.url}/acme/api`,
        owner: { login: 'acme', name: 'acme' },
      },
      installation: { id: repository.installationId },
      sender: { login: 'developer', type: 'User' },
    });
    expect(delivery?.payload.commits).toHaveLength(1);
    expect(/codertocat|octocat|github\.com/i.exec(JSON.stringify(delivery?.payload))).toBeNull();
  });

  test('lists the commits of an update from oldest to newest, each with its files', async () => {
    const { sha: before } = await github.pushFiles('acme/api', { files: { a: '1', b: '1' } });
    const middle = await github.commit('acme/api', {
      files: { a: '2' },
      parents: [before],
      message: 'second',
    });
    const sha = await github.commit('acme/api', {
      files: { b: null, c: '3' },
      parents: [middle],
      message: 'third',
    });

    const { delivery } = await github.push('acme/api', { sha });

    expect((await delivery)?.payload).toMatchObject({
      before,
      created: false,
      commits: [
        { id: middle, message: 'second', added: [], modified: ['a'], removed: [] },
        { id: sha, message: 'third', added: ['c'], modified: [], removed: ['b'] },
      ],
    });
  });

  test('says forced when history was thrown away', async () => {
    await github.pushFiles('acme/api', { files: { a: '1' } });
    const sha = await github.commit('acme/api', { files: { a: '2' }, parents: [] });

    const { delivery } = await github.push('acme/api', { sha });

    expect((await delivery)?.payload).toMatchObject({ forced: true, commits: [{ id: sha }] });
  });

  test('of a new branch leaves out commits that another branch has', async () => {
    const { sha } = await github.pushFiles('acme/api', { files: { a: '1' } });

    const { delivery } = await github.push('acme/api', { branch: 'same', sha });

    expect((await delivery)?.payload).toMatchObject({
      created: true,
      base_ref: 'refs/heads/main',
      commits: [],
      head_commit: { id: sha, added: ['a'] },
    });
  });

  test('of a deleted branch has no head', async () => {
    const { sha } = await github.pushFiles('acme/api', { branch: 'gone', files: { a: '1' } });

    const { delivery } = await github.push('acme/api', { branch: 'gone', sha: null });

    expect((await delivery)?.payload).toMatchObject({
      before: sha,
      after: '0'.repeat(40),
      deleted: true,
      head_commit: null,
    });
    expect(await github.head('acme/api', 'gone')).toBeNull();
  });

  test('of a tag names the tag and no commits', async () => {
    const { sha } = await github.pushFiles('acme/api', { files: { a: '1' } });

    const { delivery } = await github.push('acme/api', { tag: 'v1', sha });

    expect((await delivery)?.payload).toMatchObject({
      ref: 'refs/tags/v1',
      created: true,
      commits: [],
      head_commit: { id: sha },
    });
  });

  test('bears any file name', async () => {
    const names = ['"quoted"', 'sp ace', 'tab\there', 'new\nline', 'ünï', ':colon', '\x01mark', '$(touch x)'];
    const files = Object.fromEntries(names.map((name) => [name, name]));

    const { delivery } = await github.pushFiles('acme/api', { files });

    expect((await delivery)?.payload.head_commit).toMatchObject({ added: expect.arrayContaining(names) });
  });

  test('is followed by a request for a check suite', async () => {
    const { sha } = await github.pushFiles('acme/api', { files: { a: '1' }, branch: 'feature' });
    await github.waitForDeliveries();

    expect(github.deliveries.map(({ event }) => event).sort()).toEqual(['check_suite', 'push']);
    expect(github.deliveries.find(({ event }) => event === 'check_suite')?.payload).toMatchObject({
      action: 'requested',
      check_suite: { head_sha: sha, head_branch: 'feature', status: 'queued', conclusion: null },
    });
  });

  test('goes only to an app that listens to it', async () => {
    const other = await startGitHub();
    await other.createApp({ webhookSecret: 's', webhookUrl: hook.url, events: ['pull_request'] });
    await other.createRepository({ owner: 'acme', name: 'api' });

    const { delivery } = await other.pushFiles('acme/api', { files: { a: '1' } });

    expect(await delivery).toBeNull();
    expect(other.deliveries).toEqual([]);
    await other.close();
  });
});
