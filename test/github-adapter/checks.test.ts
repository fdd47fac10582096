import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import type { Annotation, Check } from '../../src/core/report/check.ts';
import { createChecks } from '../../src/github/checks.ts';
import { APP_ID, ENTERPRISE, PUBLIC, REPOSITORY, SHA, testClients } from './fixture.ts';
import { nockToken } from './nock-token.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => nock.restore());

const queued: Check = {
  name: 'tekton-ci / web',
  headSha: SHA,
  externalId: 'api-web-aaaaaaa-12345678',
  detailsUrl: 'https://ci.example.com/runs/api-web-aaaaaaa-12345678?sig=x',
  status: 'queued',
  output: { title: 'Queued', summary: 'Queued, 2 ahead', annotations: [] },
};

const failed: Check = {
  ...queued,
  status: 'completed',
  conclusion: 'failure',
  startedAt: new Date('2026-11-23T10:00:01.234Z'),
  completedAt: new Date('2026-11-23T10:01:00Z'),
};

const queuedBody = {
  name: 'tekton-ci / web',
  head_sha: SHA,
  external_id: 'api-web-aaaaaaa-12345678',
  details_url: 'https://ci.example.com/runs/api-web-aaaaaaa-12345678?sig=x',
  status: 'queued',
  output: { title: 'Queued', summary: 'Queued, 2 ahead' },
};

const failedBody = {
  details_url: 'https://ci.example.com/runs/api-web-aaaaaaa-12345678?sig=x',
  started_at: '2026-11-23T10:00:01Z',
  status: 'completed',
  conclusion: 'failure',
  completed_at: '2026-11-23T10:01:00Z',
  output: { title: 'Queued', summary: 'Queued, 2 ahead' },
};

function annotated(check: Check, count: number): Check {
  const annotations = Array.from({ length: count }, (_, index): Annotation => {
    return { path: 'a.go', startLine: index + 1, endLine: index + 1, level: 'failure', message: 'x' };
  });
  return { ...check, output: { ...check.output, annotations } };
}

function annotationBodies(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => {
    const line = from + index + 1;
    return { path: 'a.go', start_line: line, end_line: line, annotation_level: 'failure', message: 'x' };
  });
}

describe.each([PUBLIC, ENTERPRISE])('checks of %s', (baseUrl) => {
  test('are created with exactly what is known', async () => {
    nockToken(baseUrl);
    nock(baseUrl).post('/repos/acme/api/check-runs', queuedBody).reply(201, { id: 9 });

    expect(await createChecks(testClients({ baseUrl })).create(REPOSITORY, queued)).toBe(9);
  });

  test('are updated without what never changes', async () => {
    nockToken(baseUrl);
    nock(baseUrl).patch('/repos/acme/api/check-runs/9', failedBody).reply(200, { id: 9 });

    await createChecks(testClients({ baseUrl })).update(REPOSITORY, 9, failed);
  });
});

describe('annotations', () => {
  const { output } = queuedBody;

  test('past 50 are appended by further requests, in order', async () => {
    const sent: unknown[] = [];
    const keep = (body: object) => sent.push(body) > 0;
    nockToken();
    nock(PUBLIC).patch('/repos/acme/api/check-runs/9', keep).times(3).reply(200, { id: 9 });

    await createChecks(testClients()).update(REPOSITORY, 9, annotated(failed, 101));

    expect(sent).toEqual([
      { ...failedBody, output: { ...output, annotations: annotationBodies(0, 50) } },
      { output: { ...output, annotations: annotationBodies(50, 100) } },
      { output: { ...output, annotations: annotationBodies(100, 101) } },
    ]);
  });

  test('of a new check are appended to it', async () => {
    nockToken();
    const first = { ...queuedBody, output: { ...output, annotations: annotationBodies(0, 50) } };
    nock(PUBLIC).post('/repos/acme/api/check-runs', first).reply(201, { id: 9 });
    nock(PUBLIC)
      .patch('/repos/acme/api/check-runs/9', { output: { ...output, annotations: annotationBodies(50, 60) } })
      .reply(200, { id: 9 });

    expect(await createChecks(testClients()).create(REPOSITORY, annotated(queued, 60))).toBe(9);
  });
});

test('a creation that GitHub did not confirm rejects, and is not repeated', async () => {
  nockToken();
  nock(PUBLIC).post('/repos/acme/api/check-runs').reply(201, {});

  await expect(createChecks(testClients()).create(REPOSITORY, queued)).rejects.toThrow(
    'not what it documents: id',
  );
});

describe('the list', () => {
  const existing = (id: number, changes: object = {}) => ({
    id,
    name: 'tekton-ci',
    external_id: `run-${id}`,
    status: 'completed',
    conclusion: 'success',
    app: { id: APP_ID },
    ...changes,
  });
  const query = { app_id: APP_ID, filter: 'all', per_page: 100 };

  test('has all attempts of this app’s checks on the commit, of one name', async () => {
    nockToken();
    nock(PUBLIC)
      .get(`/repos/acme/api/commits/${SHA}/check-runs`)
      .query({ ...query, check_name: 'tekton-ci', page: 1 })
      .reply(200, {
        total_count: 2,
        check_runs: [existing(2, { status: 'queued', conclusion: null }), existing(1, { external_id: null })],
      });

    expect(await createChecks(testClients()).list(REPOSITORY, SHA, 'tekton-ci')).toEqual([
      { id: 2, name: 'tekton-ci', externalId: 'run-2', status: 'queued', conclusion: null },
      { id: 1, name: 'tekton-ci', externalId: '', status: 'completed', conclusion: 'success' },
    ]);
  });

  test('has every page, and each check once', async () => {
    nockToken();
    const path = `/repos/acme/api/commits/${SHA}/check-runs`;
    const first = Array.from({ length: 100 }, (_, index) => existing(index + 1));
    nock(PUBLIC)
      .get(path)
      .query({ ...query, page: 1 })
      .reply(200, { total_count: 102, check_runs: first });
    nock(PUBLIC)
      .get(path)
      .query({ ...query, page: 2 })
      .reply(200, { total_count: 102, check_runs: [existing(100), existing(101)] });

    const ids = (await createChecks(testClients()).list(REPOSITORY, SHA)).map(({ id }) => id);

    expect(ids).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
  });

  test('is a failure when GitHub gives none', async () => {
    nockToken();
    nock(PUBLIC).get(`/repos/acme/api/commits/${SHA}/check-runs`).query(true).reply(200, {});

    await expect(createChecks(testClients()).list(REPOSITORY, SHA)).rejects.toThrow('check_runs');
  });
});
