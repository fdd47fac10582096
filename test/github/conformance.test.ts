import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiRequest, call, jwtOf, type Reply, tokenOf } from './api-client.ts';
import { type CreatedApp, type GitHub, startGitHub } from './github.ts';
import { type HookServer, startHookServer } from './hook-server.ts';

const { operations } = JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8')) as {
  operations: Record<string, unknown>;
};

let github: GitHub;
let app: CreatedApp;
let token: string;
let installationId: number;
let first: string;
let head: string;
let hook: HookServer;

beforeAll(async () => {
  hook = await startHookServer();
  github = await startGitHub();
  app = await github.createApp({ webhookSecret: 'secret', webhookUrl: hook.url });
  const repository = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  installationId = repository.installationId;
  const files = {
    'a.txt': 'one\ntwo\nthree\nfour\n',
    'dir/b.txt': 'b',
    link: { content: 'a.txt', mode: '120000' },
  };
  first = (await github.pushFiles('acme/api', { files })).sha;
  const next = { 'a.txt': null, 'c.txt': 'one\ntwo\nthree\nfour\n', 'ünï cödé.txt': 'x' };
  head = (await github.pushFiles('acme/api', { branch: 'feature/x', parents: [first], files: next })).sha;
  await github.push('acme/api', { tag: 'v1.0.0', sha: first });
  await github.openPullRequest('acme/api', { head: 'feature/x' });
  await github.waitForDeliveries();
  token = await tokenOf(github, app, installationId);
});

afterAll(async () => {
  await github.close();
  hook.close();
});

function asInstallation(method: string, path: string, request: ApiRequest = {}): Promise<Reply> {
  return call(github, method, path, { authorization: `token ${token}`, ...request });
}

function asApp(method: string, path: string): Promise<Reply> {
  return call(github, method, path, { authorization: `Bearer ${jwtOf(app)}` });
}

describe('every operation answers as GitHub describes it', () => {
  test('the app and its installations', async () => {
    const self = await asApp('GET', '/app');
    const list = await asApp('GET', '/app/installations');
    const one = await asApp('GET', `/app/installations/${installationId}`);
    const of = await asApp('GET', '/repos/acme/api/installation');
    const visible = await asInstallation('GET', '/installation/repositories');

    expect(self.field('id')).toBe(app.appId);
    expect(list.field(0, 'id')).toBe(installationId);
    expect(one.field('account', 'login')).toBe('acme');
    expect(of.field('id')).toBe(installationId);
    expect(visible.field('repositories', 0, 'full_name')).toBe('acme/api');
  });

  test('webhook deliveries, newest first and in pages', async () => {
    const page = await asApp('GET', '/app/hook/deliveries?per_page=2');
    const [, next = ''] = /<[^>]*\/api\/v3([^>]*)>; rel="next"/.exec(page.headers.get('link') ?? '') ?? [];
    const rest = await asApp('GET', next);
    const one = await asApp('GET', `/app/hook/deliveries/${rest.field(0, 'id')}`);
    const before = github.deliveries.length;
    const again = await asApp('POST', `/app/hook/deliveries/${rest.field(0, 'id')}/attempts`);
    await github.waitForDeliveries();

    expect(Number(page.field(1, 'id'))).toBeGreaterThan(Number(rest.field(0, 'id')));
    expect(one.field('request', 'headers', 'x-github-delivery')).toBe(rest.field(0, 'guid'));
    expect(one.field('response', 'payload')).toBe('noted');
    expect(again.status).toBe(202);
    expect(github.deliveries).toHaveLength(before + 1);
    expect(github.deliveries.at(-1)).toMatchObject({ redelivery: true, guid: rest.field(0, 'guid') });
  });

  test('check runs and suites', async () => {
    const output = {
      title: 'Title',
      summary: 'Summary',
      annotations: [
        { path: 'a.txt', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'no' },
      ],
    };
    const body = { name: 'tekton-ci', head_sha: head, external_id: 'x', output };
    const created = await asInstallation('POST', '/repos/acme/api/check-runs', { body });
    const path = `/repos/acme/api/check-runs/${created.field('id')}`;
    const updated = await asInstallation('PATCH', path, { body: { conclusion: 'success' } });
    const read = await asInstallation('GET', path);
    const annotations = await asInstallation('GET', `${path}/annotations`);
    const listed = await asInstallation('GET', `/repos/acme/api/commits/feature%2Fx/check-runs?filter=all`);
    const suites = await asInstallation('GET', `/repos/acme/api/commits/${head}/check-suites`);
    const suite = `/repos/acme/api/check-suites/${suites.field('check_suites', 0, 'id')}`;
    const ofSuite = await asInstallation('GET', `${suite}/check-runs`);
    const suiteRead = await asInstallation('GET', suite);

    expect([created.status, updated.status, annotations.status]).toEqual([201, 200, 200]);
    expect(read.field('conclusion')).toBe('success');
    expect(annotations.field(0, 'message')).toBe('no');
    expect(listed.field('check_runs', 0, 'id')).toBe(created.field('id'));
    expect(suites.field('total_count')).toBe(1);
    expect(ofSuite.field('check_runs', 0, 'id')).toBe(created.field('id'));
    expect(suiteRead.field('conclusion')).toBe('success');
  });

  test('the repository and its refs', async () => {
    const repository = await asInstallation('GET', '/repos/ACME/Api');
    const branches = await asInstallation('GET', '/repos/acme/api/branches');
    const branch = await asInstallation('GET', '/repos/acme/api/branches/feature%2Fx');
    const tags = await asInstallation('GET', '/repos/acme/api/tags');
    const ref = await asInstallation('GET', '/repos/acme/api/git/ref/heads/feature/x');

    expect(repository.field('full_name')).toBe('acme/api');
    expect(branches.field(0, 'name')).toBe('feature/x');
    expect(branch.field('commit', 'sha')).toBe(head);
    expect(tags.field(0)).toMatchObject({ name: 'v1.0.0', commit: { sha: first } });
    expect(ref.field('object', 'sha')).toBe(head);
  });

  test('commits and comparisons', async () => {
    const commit = await asInstallation('GET', `/repos/acme/api/commits/${head}`);
    const root = await asInstallation('GET', `/repos/acme/api/commits/${first}`);
    const commits = await asInstallation('GET', '/repos/acme/api/commits?sha=feature/x&per_page=1');
    const comparison = await asInstallation('GET', '/repos/acme/api/compare/main...feature%2Fx');

    expect(commit.field('files', 0)).toMatchObject({ filename: 'c.txt', previous_filename: 'a.txt' });
    expect(root.field('stats', 'additions')).toBe(6);
    expect(commits.field(0, 'sha')).toBe(head);
    expect(commits.headers.get('link')).toContain('rel="next"');
    expect(comparison.field('status')).toBe('ahead');
    expect(comparison.field('files', 1, 'filename')).toBe('ünï cödé.txt');
  });

  test('contents and trees', async () => {
    const file = await asInstallation('GET', `/repos/acme/api/contents/dir/b.txt?ref=${head}`);
    const root = await asInstallation('GET', '/repos/acme/api/contents/');
    const link = await asInstallation('GET', '/repos/acme/api/contents/link');
    const tree = await asInstallation('GET', `/repos/acme/api/git/trees/${head}?recursive=1`);

    expect(file.field('content')).toBe(Buffer.from('b').toString('base64'));
    expect(root.field(1)).toMatchObject({ name: 'dir', type: 'dir' });
    expect(link.field()).toMatchObject({ type: 'symlink', target: 'a.txt' });
    expect(tree.field('tree', 1, 'path')).toBe('dir');
    expect(tree.field('tree', 2, 'path')).toBe('dir/b.txt');
  });

  test('pull requests, comments and reactions', async () => {
    const pull = await asInstallation('GET', '/repos/acme/api/pulls/1');
    const open = await asInstallation('GET', '/repos/acme/api/pulls?head=acme:feature/x');
    const files = await asInstallation('GET', '/repos/acme/api/pulls/1/files');
    const ofCommit = await asInstallation('GET', `/repos/acme/api/commits/${head}/pulls`);
    const body = { body: 'hello' };
    const comment = await asInstallation('POST', '/repos/acme/api/issues/1/comments', { body });
    const comments = await asInstallation('GET', '/repos/acme/api/issues/1/comments');
    const path = `/repos/acme/api/issues/comments/${comment.field('id')}/reactions`;
    const eyes = await asInstallation('POST', path, { body: { content: 'eyes' } });
    const again = await asInstallation('POST', path, { body: { content: 'eyes' } });

    expect(pull.field('head', 'sha')).toBe(head);
    expect(open.field(0, 'number')).toBe(1);
    expect(files.field(0, 'filename')).toBe('c.txt');
    expect(ofCommit.field(0, 'number')).toBe(1);
    expect(comments.field(0, 'body')).toBe('hello');
    expect(github.comments('acme/api', 1)).toHaveLength(1);
    expect([comment.status, eyes.status, again.status]).toEqual([201, 201, 200]);
  });

  test('permissions, limits and the server itself', async () => {
    const writer = await asInstallation('GET', '/repos/acme/api/collaborators/developer/permission');
    const owner = await asInstallation('GET', '/repos/acme/api/collaborators/ACME/permission');
    const stranger = await asInstallation('GET', '/repos/acme/api/collaborators/nobody/permission');
    const rate = await asInstallation('GET', '/rate_limit');
    const meta = await call(github, 'GET', '/meta');

    expect(writer.field('permission')).toBe('write');
    expect(owner.field('permission')).toBe('admin');
    expect(stranger.status).toBe(404);
    expect(rate.field('rate', 'limit')).toBe(5000);
    expect(meta.field('installed_version')).toBe('3.19.0');
  });

  test('and none was left out', () => {
    const asked = new Set(github.requests.map(({ operation }) => operation));

    expect(Object.keys(operations).filter((operation) => !asked.has(operation))).toEqual([]);
    expect(github.violations).toEqual([]);
  });
});

describe('what GitHub does not know', () => {
  test('an operation outside of the description is 404 and a violation', async () => {
    const reply = await asInstallation('GET', '/repos/acme/api/nonsense');

    expect(reply.status).toBe(404);
    expect(github.violations.at(-1)).toContain('GET /repos/acme/api/nonsense');
  });

  test.each([
    [
      'a query that is not described',
      'GET',
      '/repos/acme/api/branches?prper_page=1',
      undefined,
      'prper_page',
    ],
    ['a path that is not a number', 'GET', '/repos/acme/api/check-runs/abc', undefined, 'check_run_id'],
    ['a body without what is required', 'POST', '/repos/acme/api/check-runs', { name: 'x' }, 'head_sha'],
    ['a body with a misspelt key', 'POST', '/repos/acme/api/issues/1/comments', { body: 'x', bdy: 1 }, 'bdy'],
    ['no body where one is required', 'POST', '/repos/acme/api/issues/1/comments', undefined, 'required'],
  ])('%s is 422 and a violation', async (_, method, path, body, word) => {
    const reply = await asInstallation(method, path, body === undefined ? {} : { body });

    expect(reply.status).toBe(422);
    expect(reply.field('message')).toContain(word);
    expect(github.violations.at(-1)).toContain(word);
  });

  test('a body that is not JSON is 400', async () => {
    const reply = await asInstallation('POST', '/repos/acme/api/check-runs', { body: '{' });

    expect(reply.status).toBe(400);
    expect(reply.field('message')).toBe('Problems parsing JSON');
  });
});

test('an answer that is known already is 304', async () => {
  const known = await asInstallation('GET', '/repos/acme/api');
  const headers = { 'if-none-match': known.headers.get('etag') ?? '' };

  const again = await asInstallation('GET', '/repos/acme/api', { headers });

  expect(again.status).toBe(304);
  expect(again.text).toBe('');
});
