import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { TryLaterError } from '../../src/app/ports.ts';
import { createHookDeliveries } from '../../src/github/hook-deliveries.ts';
import { ENTERPRISE, failureOf, PUBLIC, testClients } from './fixture.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => nock.restore());

const deliveries = createHookDeliveries(testClients());

/** An item as GitHub writes it: the id has more digits than a JavaScript number holds. */
const item = (change: string) => `{
  "id": 9007199254740993, "guid": "0b989ba4", "delivered_at": "2026-11-23T09:59:00Z", "redelivery": false,
  "duration": 0.27, "status": "Invalid HTTP Response: 503", "status_code": 503, "event": "push", "action": null,
  "installation_id": 77, "repository_id": 42, "throttled_at": null${change}
}`;

function page(text: string, headers: Record<string, string> = {}) {
  return nock(PUBLIC)
    .get('/app/hook/deliveries')
    .matchHeader('authorization', /^bearer eyJ/)
    .query({ per_page: '100' })
    .reply(200, text, { 'content-type': 'application/json', ...headers });
}

describe('the list of deliveries', () => {
  test('is asked for as the app, whatever became of them, and keeps every digit of an id', async () => {
    page(`[${item('')}]`);

    expect(await deliveries.page(null)).toEqual({
      next: null,
      attempts: [
        {
          id: '9007199254740993',
          guid: '0b989ba4',
          deliveredAt: new Date('2026-11-23T09:59:00Z'),
          succeeded: false,
          event: 'push',
          installationId: 77,
        },
      ],
    });
  });

  test.each([
    [200, true],
    [204, true],
    [0, false],
    [302, false],
    [404, false],
  ])('takes status %i for a delivery: %s', async (status, succeeded) => {
    page(`[${item(`, "status_code": ${status}`)}]`);

    const { attempts } = await deliveries.page(null);

    expect(attempts.map((attempt) => attempt.succeeded)).toEqual([succeeded]);
  });

  test('is followed by its cursor', async () => {
    const link = `<${PUBLIC}/app/hook/deliveries?per_page=100&cursor=v1_12077215967>; rel="next"`;
    page('[]', { link });
    nock(PUBLIC)
      .get('/app/hook/deliveries')
      .query({ per_page: '100', cursor: 'v1_12077215967' })
      .reply(200, '[]', { link: `<${PUBLIC}/app/hook/deliveries>; rel="first"` });

    expect(await deliveries.page(null)).toEqual({ attempts: [], next: 'v1_12077215967' });
    expect(await deliveries.page('v1_12077215967')).toEqual({ attempts: [], next: null });
  });

  test('of no installation says so', async () => {
    page(`[${item(', "installation_id": null')}]`);

    expect((await deliveries.page(null)).attempts[0]?.installationId).toBeNull();
  });

  test.each(['<html>', '{"message":"moved"}', '[{"guid":"x"}]', ''])(
    'that reads %s is a failure',
    async (text) => {
      page(text);

      await expect(deliveries.page(null)).rejects.toThrow(/not what it documents/);
    },
  );

  test('behind a limit says when to come again', async () => {
    nock(PUBLIC)
      .get('/app/hook/deliveries')
      .query(true)
      .reply(429, { message: 'slow down' }, { 'retry-after': '90' });

    const failure = await failureOf(deliveries.page(null));

    expect(failure).toBeInstanceOf(TryLaterError);
    expect((failure as TryLaterError).retryAfterSeconds).toBe(90);
  });
});

test('a redelivery is asked for by the whole id, on an Enterprise Server too', async () => {
  nock(ENTERPRISE)
    .post('/app/hook/deliveries/9007199254740993/attempts')
    .matchHeader('authorization', /^bearer eyJ/)
    .reply(202, {});

  await createHookDeliveries(testClients({ baseUrl: ENTERPRISE })).redeliver('9007199254740993');
});

test('every request is measured by its route', async () => {
  page('[]');
  const measured: string[] = [];
  const clients = testClients({
    onRequest: ({ method, route, status }) => measured.push(`${method} ${route} ${status}`),
  });

  await createHookDeliveries(clients).page(null);

  expect(measured).toEqual(['GET /app/hook/deliveries 200']);
});
