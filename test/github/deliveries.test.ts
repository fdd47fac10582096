import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Delivery } from './deliveries.ts';
import { type GitHub, type GitHubOptions, startGitHub } from './github.ts';
import { type HookServer, startHookServer } from './hook-server.ts';

let hook: HookServer;
let github: GitHub;

beforeEach(async () => {
  hook = await startHookServer();
  github = await startWith({});
});

afterEach(async () => {
  await github.close();
  hook.close();
});

async function startWith(options: GitHubOptions): Promise<GitHub> {
  const started = await startGitHub(options);
  await started.createApp({ webhookSecret: 'secret', webhookUrl: hook.url });
  await started.createRepository({ owner: 'acme', name: 'api', private: true });
  return started;
}

function ofPush(): Delivery[] {
  return github.deliveries.filter(({ event }) => event === 'push');
}

describe('a delivery', () => {
  test('is signed over the very bytes that are sent', async () => {
    const { delivery } = await github.pushFiles('acme/api', { files: { a: '1' } });
    const sent = await delivery;

    const got = hook.received.find(({ headers }) => headers['x-github-event'] === 'push');
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
    hook.answerWith((response) => response.writeHead(503).end());
    await github.pushFiles('acme/api', { files: { a: '1' } });
    await github.waitForDeliveries();
    const [refused] = ofPush();
    hook.answerWith((response) => response.end());

    const again = await github.redeliver(refused?.id ?? 0);

    expect(refused).toMatchObject({ status: 'Invalid HTTP Response: 503', statusCode: 503 });
    expect(again).toMatchObject({ status: 'OK', redelivery: true, guid: refused?.guid });
    expect(again?.payload).toEqual(refused?.payload);
    expect(ofPush()).toHaveLength(2);
  });

  test('that is not answered is given up', async () => {
    hook.answerWith(() => undefined);
    const impatient = await startWith({ deliveryTimeoutMs: 100 });

    const { delivery } = await impatient.pushFiles('acme/api', { files: { a: '1' } });

    expect(await delivery).toMatchObject({ status: 'timed out', statusCode: 0, response: null });
    await impatient.close();
  });

  test('to nobody fails and harms nothing', async () => {
    github.setWebhook('http://127.0.0.1:9/');

    const { delivery } = await github.pushFiles('acme/api', { files: { a: '1' } });

    expect(await delivery).toMatchObject({ status: 'failed to connect to host', statusCode: 0 });
  });

  test('can be of any event, with a GUID of choice', async () => {
    const delivery = await github.deliver('merge_group', { action: 'checks_requested' }, { guid: 'chosen' });

    expect(hook.received.at(-1)?.headers).toMatchObject({
      'x-github-event': 'merge_group',
      'x-github-delivery': 'chosen',
    });
    expect(delivery).toMatchObject({ event: 'merge_group', action: 'checks_requested', guid: 'chosen' });
  });

  test('is not waited for when the stand-in ends', async () => {
    const slow = await startWith({});
    hook.answerWith(() => undefined);
    const { delivery } = await slow.pushFiles('acme/api', { files: { a: '1' } });

    await slow.close();

    expect(await delivery).toMatchObject({ statusCode: 0 });
  });
});
