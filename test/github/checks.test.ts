import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, jwtOf, type Reply, tokenOf } from './api-client.ts';
import type { CheckState } from './check-store.ts';
import { type CreatedApp, type GitHub, startGitHub } from './github.ts';

let github: GitHub;
let app: CreatedApp;
let token: string;
let sha: string;

beforeAll(async () => {
  github = await startGitHub();
  app = await github.createApp({ webhookSecret: 'secret' });
  const { installationId } = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  sha = (await github.pushFiles('acme/api', { files: { a: '1' } })).sha;
  token = await tokenOf(github, app, installationId);
});

afterAll(() => github.close());

const OUTPUT = { title: 'Title', summary: 'Summary' };
const ANNOTATION = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'm' };

function create(body: object): Promise<Reply> {
  const path = '/repos/acme/api/check-runs';
  return call(github, 'POST', path, {
    authorization: `Bearer ${token}`,
    body: { name: 'ci', head_sha: sha, ...body },
  });
}

function update(id: unknown, body: object): Promise<Reply> {
  return call(github, 'PATCH', `/repos/acme/api/check-runs/${id}`, {
    authorization: `Bearer ${token}`,
    body,
  });
}

function list(query: string): Promise<Reply> {
  const path = `/repos/acme/api/commits/${sha}/check-runs?${query}`;
  return call(github, 'GET', path, { authorization: `Bearer ${token}` });
}

describe('the life of a check', () => {
  test('is kept moment by moment', async () => {
    const seen: string[] = [];
    const stop = github.onCheck((check) => seen.push(check.status));

    const created = await create({ name: 'life', status: 'queued', output: OUTPUT });
    await update(created.field('id'), { status: 'in_progress', output: { ...OUTPUT, title: 'Running' } });
    await update(created.field('id'), {
      conclusion: 'failure',
      output: { ...OUTPUT, annotations: [ANNOTATION] },
    });
    stop();

    const check = github.checks('acme/api', sha).find(({ name }) => name === 'life') as CheckState;
    expect(
      check.history.map(({ status, conclusion, title, annotations }) => [
        status,
        conclusion,
        title,
        annotations,
      ]),
    ).toEqual([
      ['queued', null, 'Title', 0],
      ['in_progress', null, 'Running', 0],
      ['completed', 'failure', 'Title', 1],
    ]);
    expect(seen).toEqual(['queued', 'in_progress', 'completed']);
    expect(check.completedAt).not.toBeNull();
  });

  test('ends once: a completed check keeps its verdict, and takes other words', async () => {
    const created = await create({ name: 'done', conclusion: 'failure', output: OUTPUT });

    const reopened = await update(created.field('id'), {
      status: 'in_progress',
      output: { summary: 'later' },
    });
    const turned = await update(created.field('id'), { conclusion: 'success' });

    expect(created.field('status')).toBe('completed');
    expect(reopened.field()).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      output: { summary: 'later' },
    });
    expect(turned.field('conclusion')).toBe('failure');
  });

  test('annotations are added, never replaced', async () => {
    const created = await create({ name: 'notes', output: { ...OUTPUT, annotations: [ANNOTATION] } });

    await update(created.field('id'), {
      output: { ...OUTPUT, annotations: [{ ...ANNOTATION, message: 'n' }] },
    });

    const check = github.checks('acme/api').find(({ name }) => name === 'notes');
    expect(check?.annotations.map(({ message }) => message)).toEqual(['m', 'n']);
  });

  test('of one name and commit there may be many; lists show the latest or all', async () => {
    const first = await create({ name: 'again', external_id: '1' });
    const second = await create({ name: 'again', external_id: '2' });

    const latest = await list('check_name=again');
    const all = await list(`check_name=again&filter=all&app_id=${app.appId}`);
    const others = await list('check_name=again&app_id=1');
    const page = await list('check_name=again&filter=all&per_page=1&page=2');

    expect(latest.field('check_runs', 0, 'id')).toBe(second.field('id'));
    expect(latest.field('total_count')).toBe(1);
    expect(all.field('total_count')).toBe(2);
    expect(others.field('total_count')).toBe(0);
    expect(page.field('check_runs', 0, 'id')).toBe(first.field('id'));
    expect(page.headers.get('link')).toContain('rel="prev"');
  });
});

describe('what GitHub refuses', () => {
  const long = 'x'.repeat(65_536);
  const bytes = 'é'.repeat(40_000);
  const annotate = (...annotations: object[]) => ({ output: { ...OUTPUT, annotations } });

  test.each<[string, object, string]>([
    ['a summary that is too long', { output: { title: 't', summary: long } }, '65535'],
    [
      'a summary of too many bytes',
      { output: { title: 't', summary: bytes } },
      'Only 65535 characters are allowed',
    ],
    ['a text of too many bytes', { output: { ...OUTPUT, text: bytes } }, 'Only 65535 characters are allowed'],
    ['an output without a title', { output: { summary: 's' } }, 'title'],
    ['more than fifty annotations', annotate(...Array(51).fill(ANNOTATION)), '50'],
    [
      'columns on two lines',
      annotate({ ...ANNOTATION, end_line: 2, start_column: 1, end_column: 2 }),
      'Validation Failed',
    ],
    ['an end before the start', annotate({ ...ANNOTATION, start_line: 3, end_line: 2 }), 'Validation Failed'],
    ['line zero', annotate({ ...ANNOTATION, start_line: 0 }), 'Validation Failed'],
    [
      'an annotation title that is too long',
      annotate({ ...ANNOTATION, title: 'x'.repeat(256) }),
      'Validation Failed',
    ],
    ['an unknown level', annotate({ ...ANNOTATION, annotation_level: 'error' }), 'annotation_level'],
    ['four buttons', { actions: Array(4).fill({ label: 'l', description: 'd', identifier: 'i' }) }, '3'],
    ['a long label', { actions: [{ label: 'x'.repeat(21), description: 'd', identifier: 'i' }] }, 'label'],
    [
      'a long description',
      { actions: [{ label: 'l', description: 'x'.repeat(41), identifier: 'i' }] },
      'description',
    ],
    [
      'a long identifier',
      { actions: [{ label: 'l', description: 'd', identifier: 'x'.repeat(21) }] },
      'identifier',
    ],
    ['completed without a conclusion', { status: 'completed' }, ''],
    ['a conclusion that is GitHub’s', { conclusion: 'stale' }, 'stale'],
    ['an unknown conclusion', { conclusion: 'great' }, ''],
    ['a status of Actions', { status: 'waiting' }, 'status'],
    ['a time that is none', { started_at: 'yesterday' }, 'started_at'],
    ['a commit that is not there', { head_sha: 'f'.repeat(40) }, 'No commit found for SHA'],
    ['a commit by a branch', { head_sha: 'main' }, 'No commit found for SHA'],
  ])('%s', async (_, body, word) => {
    const before = github.checks('acme/api').length;

    const reply = await create(body);

    expect(reply.status).toBe(422);
    expect(reply.field('message')).toContain(word);
    expect(github.checks('acme/api')).toHaveLength(before);
  });

  test('an update of a check of another repository', async () => {
    const created = await create({ name: 'elsewhere' });
    await github.createRepository({ owner: 'acme', name: 'web' });

    const path = `/repos/acme/web/check-runs/${created.field('id')}`;
    const reply = await call(github, 'PATCH', path, { authorization: `Bearer ${token}`, body: {} });

    expect(reply.status).toBe(404);
  });
});

describe('of two apps', () => {
  test('neither changes the other’s checks, and lists tell them apart', async () => {
    const other = await github.createApp({ slug: 'other-ci', webhookSecret: 's' });
    const installation = await call(github, 'GET', '/repos/acme/api/installation', {
      authorization: `Bearer ${jwtOf(other)}`,
    });
    const theirs = await tokenOf(github, other, Number(installation.field('id')));
    const created = await create({ name: 'ours' });

    const path = `/repos/acme/api/check-runs/${created.field('id')}`;
    const changed = await call(github, 'PATCH', path, {
      authorization: `token ${theirs}`,
      body: { conclusion: 'success' },
    });
    const listed = await list(`check_name=ours&app_id=${other.appId}`);

    expect(changed.status).toBe(403);
    expect(github.checks('acme/api').find(({ name }) => name === 'ours')?.status).toBe('queued');
    expect(listed.field('total_count')).toBe(0);
  });
});

test('longest words and fifty annotations are taken', async () => {
  const output = { title: 't', summary: 'x'.repeat(65_535), annotations: Array(50).fill(ANNOTATION) };
  const actions = Array(3).fill({
    label: 'x'.repeat(20),
    description: 'x'.repeat(40),
    identifier: 'x'.repeat(20),
  });

  const reply = await create({ name: 'most', output, actions });

  expect(reply.status).toBe(201);
  expect(reply.field('output', 'annotations_count')).toBe(50);
});
