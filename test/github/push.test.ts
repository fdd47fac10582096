import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Delivery } from './deliveries.ts';
import { type GitHub, startGitHub } from './github.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const received: Received[] = [];
let answer: (respond: (status: number) => void) => void = (respond) => respond(200);
const hook = createServer(async (request, response) => {
  let body = '';
  for await (const bytes of request.setEncoding('utf8')) body += bytes;
  received.push({ headers: request.headers, body });
  answer((status) => response.writeHead(status).end('noted'));
});
let url: string;
let github: GitHub;

beforeAll(async () => {
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
});

beforeEach(async () => {
  received.length = 0;
  answer = (respond) => respond(200);
  github = await startGitHub({ deliveryTimeoutMs: 200 });
  await github.createApp({ webhookSecret: 'secret', webhookUrl: url });
  await github.createRepository({ owner: 'acme', name: 'api', private: true });
});

afterEach(() => github.close());
afterAll(() => {
  hook.closeAllConnections();
  hook.close();
});

function ofPush(): Delivery[] {
  return github.deliveries.filter(({ event }) => event === 'push');
}

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
    expect(JSON.stringify(delivery?.payload)).not.toContain('Codertocat');
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

    const { added } = (await delivery)?.payload.head_commit as { added: string[] };
    expect(added.toSorted()).toEqual(names.toSorted());
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
    await other.createApp({ webhookSecret: 's', webhookUrl: url, events: ['pull_request'] });
    await other.createRepository({ owner: 'acme', name: 'api' });

    const { delivery } = await other.pushFiles('acme/api', { files: { a: '1' } });

    expect(await delivery).toBeNull();
    expect(other.deliveries).toEqual([]);
    await other.close();
  });
});

describe('a delivery', () => {
  test('is signed over the very bytes that are sent', async () => {
    const { delivery } = await github.pushFiles('acme/api', { files: { a: '1' } });
    const sent = await delivery;

    const got = received.find(({ headers }) => headers['x-github-event'] === 'push');
    const expected = createHmac('sha256', 'secret')
      .update(got?.body ?? '')
      .digest('hex');
    expect(got?.headers['x-hub-signature-256']).toBe(`sha256=${expected}`);
    expect(got?.headers['x-github-delivery']).toBe(sent?.guid);
    expect(got?.headers['x-github-hook-installation-target-type']).toBe('integration');
    expect(sent).toMatchObject({
      status: 'OK',
      statusCode: 200,
      redelivery: false,
      response: { body: 'noted' },
    });
  });

  test('that is refused is kept and not repeated until it is asked for', async () => {
    answer = (respond) => respond(503);
    await github.pushFiles('acme/api', { files: { a: '1' } });
    await github.waitForDeliveries();
    const [refused] = ofPush();
    answer = (respond) => respond(200);

    const again = await github.redeliver(refused?.id ?? 0);

    expect(refused).toMatchObject({ status: 'Invalid HTTP Response: 503', statusCode: 503 });
    expect(again).toMatchObject({ status: 'OK', redelivery: true, guid: refused?.guid });
    expect(again?.payload).toEqual(refused?.payload);
    expect(ofPush()).toHaveLength(2);
  });

  test('that is not answered is given up', async () => {
    answer = () => undefined;

    const { delivery } = await github.pushFiles('acme/api', { files: { a: '1' } });

    expect(await delivery).toMatchObject({ status: 'timed out', statusCode: 0, response: null });
  });

  test('to nobody fails and harms nothing', async () => {
    github.setWebhook('http://127.0.0.1:9/');

    const { delivery } = await github.pushFiles('acme/api', { files: { a: '1' } });

    expect(await delivery).toMatchObject({ status: 'failed to connect to host', statusCode: 0 });
  });

  test('can be of any event, with a GUID of choice', async () => {
    const delivery = await github.deliver('merge_group', { action: 'checks_requested' }, { guid: 'chosen' });

    expect(received.at(-1)?.headers).toMatchObject({
      'x-github-event': 'merge_group',
      'x-github-delivery': 'chosen',
    });
    expect(delivery).toMatchObject({ event: 'merge_group', action: 'checks_requested', guid: 'chosen' });
  });
});
