import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { pino } from 'pino';
import type { GitHubEvent } from '../../src/core/plan/event.ts';
import { createProbotApp } from '../../src/github/probot-app.ts';
import { readEvent } from '../../src/github/read-event.ts';
import { createWebhookHandler } from '../../src/github/webhook-handler.ts';
import { createApp } from '../../src/index.ts';
import { recordingLog, testClients } from './fixture.ts';
import { appOf, type ExampleDelivery, exampleDeliveries } from './webhook-examples.ts';

const SECRET = 'sesame';

/** What becomes of an event, in a few words. */
function outcomeOf(event: GitHubEvent): string {
  switch (event.kind) {
    case 'ignored':
      return `ignored: ${event.reason}`;
    case 'push':
      return `${event.ref.kind} ${event.ref.name} ${event.sha === null ? 'is deleted' : `is ${event.sha.slice(0, 7)}`}`;
    case 'pull_request':
      return `#${event.number} ${event.action}, head ${event.head.sha.slice(0, 7)}, base ${event.base}`;
    case 'merge_group':
      return `${event.action} ${event.reason ?? ''} ${event.sha.slice(0, 7)}`.replace('  ', ' ');
    case 'rerun':
      return `re-run of ${event.check?.name ?? 'all checks'} of ${event.sha.slice(0, 7)}`;
    case 'button':
      return `button ${event.button} of ${event.check.name}`;
    case 'comment':
      return `comment on #${event.number} by ${event.sender.login}`;
  }
}

/** By event and action, what becomes of its examples and of how many. */
function tableOf(rows: readonly { readonly title: string; readonly outcome: string }[]) {
  const table: Record<string, Record<string, number>> = {};
  for (const { title, outcome } of rows) {
    const outcomes = table[title] ?? {};
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    table[title] = outcomes;
  }
  return table;
}

const titleOf = ({ name, payload }: ExampleDelivery) =>
  typeof payload.action === 'string' ? `${name} ${payload.action}` : name;

const EXPECTED = load(readFileSync(new URL('./webhook-examples.yml', import.meta.url), 'utf8')) as ReturnType<
  typeof tableOf
>;

describe("GitHub's examples of webhooks", () => {
  test('are each acted on, or ignored with a reason', () => {
    const rows = exampleDeliveries().map((example) => ({
      title: titleOf(example),
      outcome: outcomeOf(readEvent({ id: 'guid', ...example }, appOf(example.payload))),
    }));

    expect(tableOf(rows)).toEqual(EXPECTED);
  });

  describe('through the real handler', () => {
    const events: GitHubEvent[] = [];
    let server: Server;
    let address: string;

    beforeAll(async () => {
      const clients = testClients();
      const log = pino({ level: 'silent' });
      const { probot, receive } = await createProbotApp({ clients, secret: SECRET, log });
      const handle = async (event: GitHubEvent) => void events.push(event);
      await probot.load(createApp({ appId: clients.appId, handle }));
      const webhook = createWebhookHandler({ secret: SECRET, receive, log: recordingLog() });
      server = createServer((request, response) => void webhook(request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    });

    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    async function post({ name, payload }: ExampleDelivery, id: string): Promise<number> {
      const body = JSON.stringify(payload);
      const response = await fetch(address, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-github-event': name,
          'x-github-delivery': id,
          'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
        },
      });
      await response.text();
      return response.status;
    }

    test('are each taken, and reach the app once', async () => {
      const examples = exampleDeliveries();

      const statuses: number[] = [];
      for (const [index, example] of examples.entries()) statuses.push(await post(example, `guid-${index}`));

      expect(statuses.filter((status) => status !== 200)).toEqual([]);
      expect(events.map(({ deliveryId }) => deliveryId)).toEqual(examples.map((_, index) => `guid-${index}`));
    });
  });
});
