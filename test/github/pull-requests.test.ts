import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, tokenOf } from './api-client.ts';
import { type Delivery, type GitHub, startGitHub } from './github.ts';
import { type HookServer, startHookServer } from './hook-server.ts';

let github: GitHub;
let hook: HookServer;
let authorization: string;
let base: string;
let repositoryId: number;
let forkId: number;

beforeAll(async () => {
  hook = await startHookServer();
  github = await startGitHub();
  const app = await github.createApp({ webhookSecret: 'secret', webhookUrl: hook.url });
  const collaborators = { tina: 'triage', mary: 'maintain' } as const;
  const repository = await github.createRepository({ owner: 'acme', name: 'api', collaborators });
  repositoryId = repository.id;
  base = (await github.pushFiles('acme/api', { files: { a: '1' } })).sha;
  const stranger = { owner: 'mona', ownerType: 'User', install: false } as const;
  forkId = (await github.createRepository({ ...stranger, name: 'api', forkOf: 'acme/api' })).id;
  authorization = `token ${await tokenOf(github, app, repository.installationId)}`;
});

afterAll(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
  hook.close();
});

const api = (method: string, path: string, body?: unknown) =>
  call(github, method, `/repos/acme/api${path}`, { authorization, ...(body !== undefined && { body }) });

/** The deliveries that some work leads to, by `event action`. */
async function toldBy(work: () => Promise<unknown>): Promise<Map<string, Delivery['payload']>> {
  await github.waitForDeliveries();
  const before = github.deliveries.length;
  await work();
  await github.waitForDeliveries();
  const told = github.deliveries.slice(before);
  return new Map(told.map(({ event, action, payload }) => [`${event} ${action ?? ''}`.trim(), payload]));
}

describe('a pull request of a branch', () => {
  test('is told of whenever it changes, and is closed with its branch', async () => {
    const first = await github.commit('acme/api', { files: { b: '1' } });
    await github.push('acme/api', { branch: 'feature', sha: first });
    const { number } = await github.openPullRequest('acme/api', { head: 'feature', draft: true });
    const second = await github.commit('acme/api', { files: { b: '2' }, parents: [first] });
    await github.push('acme/api', { branch: 'release', sha: base });
    const change = (what: Parameters<GitHub['changePullRequest']>[2]) => () =>
      github.changePullRequest('acme/api', number, what);

    const pushed = await toldBy(() => github.push('acme/api', { branch: 'feature', sha: second }));
    const retargeted = await toldBy(change({ kind: 'retarget', base: 'release' }));
    const retitled = await toldBy(change({ kind: 'retitle', title: 'Another' }));
    const ready = await toldBy(change({ kind: 'ready' }));
    const closed = await toldBy(change({ kind: 'close' }));
    const reopened = await toldBy(change({ kind: 'reopen', sender: 'mary' }));
    const deleted = await toldBy(() => github.push('acme/api', { branch: 'feature', sha: null }));

    expect([...pushed.keys()].sort()).toEqual(['check_suite requested', 'pull_request synchronize', 'push']);
    expect(pushed.get('pull_request synchronize')).toMatchObject({
      number,
      before: first,
      after: second,
      pull_request: { head: { sha: second, ref: 'feature', repo: { id: repositoryId } }, draft: true },
    });
    expect(retargeted.get('pull_request edited')).toMatchObject({
      changes: { base: { ref: { from: 'main' }, sha: { from: base } } },
      pull_request: { base: { ref: 'release' } },
    });
    expect(retitled.get('pull_request edited')).toMatchObject({ changes: { title: { from: 'A change' } } });
    expect(ready.get('pull_request ready_for_review')).toMatchObject({ pull_request: { draft: false } });
    expect(closed.get('pull_request closed')).toMatchObject({
      pull_request: { state: 'closed', merged: false },
    });
    expect(reopened.get('pull_request reopened')).toMatchObject({
      pull_request: { state: 'open' },
      sender: { login: 'mary' },
    });
    expect([...deleted.keys()].sort()).toEqual(['pull_request closed', 'push']);
  });

  test('is named by the checks of its commit', async () => {
    const { sha } = await github.pushFiles('acme/api', {
      files: { c: '1' },
      branch: 'named',
      parents: [base],
    });
    const { number } = await github.openPullRequest('acme/api', { head: 'named' });

    const created = await api('POST', '/check-runs', { name: 'tekton-ci', head_sha: sha });

    expect(created.field('pull_requests', 0, 'number')).toBe(number);
    expect(created.field('pull_requests', 0, 'head', 'sha')).toBe(sha);
  });
});

describe('a pull request of a fork', () => {
  test('has its commits in the repository, and checks that tell neither branch nor pull request', async () => {
    const head = await github.commit('mona/api', { files: { d: '1' }, parents: [base] });
    const pushed = await toldBy(() =>
      github.push('mona/api', { branch: 'patch', sha: head, sender: 'mona' }),
    );

    const opened = await toldBy(() =>
      github.openPullRequest('acme/api', { head: 'patch', fork: 'mona/api', sender: 'mona' }),
    );
    const read = await api('GET', `/commits/${head}`);
    const compared = await api('GET', `/compare/main...${head}`);
    const created = await api('POST', '/check-runs', { name: 'tekton-ci', head_sha: head });
    const suite = await api('GET', `/commits/${head}/check-suites`);

    // Where the app is not installed it hears nothing.
    expect([...pushed.keys()]).toEqual([]);
    expect(opened.get('pull_request opened')).toMatchObject({
      pull_request: {
        head: { sha: head, ref: 'patch', repo: { id: forkId, full_name: 'mona/api', fork: true } },
        base: { repo: { id: repositoryId } },
        user: { login: 'mona', type: 'User' },
      },
    });
    expect(read.field('sha')).toBe(head);
    expect(compared.field('files', 0, 'filename')).toBe('d');
    expect(created.field('pull_requests')).toEqual([]);
    expect(suite.field('check_suites', 0, 'head_branch')).toBeNull();
  });

  test('moves with its branch, and loses its repository when the fork is gone', async () => {
    const stranger = { owner: 'nora', ownerType: 'User', install: false, name: 'api' } as const;
    await github.createRepository({ ...stranger, forkOf: 'acme/api' });
    const first = await github.commit('nora/api', { files: { e: '1' }, parents: [base] });
    await github.push('nora/api', { branch: 'patch', sha: first, sender: 'nora' });
    const asked = { head: 'patch', fork: 'nora/api', sender: 'nora' };
    const { number } = await github.openPullRequest('acme/api', asked);
    const second = await github.commit('nora/api', { files: { e: '2' }, parents: [first] });

    const moved = await toldBy(() =>
      github.push('nora/api', { branch: 'patch', sha: second, sender: 'nora' }),
    );
    const ref = await api('GET', `/git/ref/pull/${number}/head`);
    github.deleteRepository('nora/api');
    const read = await api('GET', `/pulls/${number}`);

    expect(moved.get('pull_request synchronize')).toMatchObject({ before: first, after: second });
    expect(ref.field('object', 'sha')).toBe(second);
    expect(read.field('head', 'repo')).toBeNull();
    expect(read.field('head', 'sha')).toBe(second);
  });
});

describe('comments', () => {
  test('are told of when they are written and when they are edited, those of apps too', async () => {
    const { number } = await github.openPullRequest('acme/api', { head: 'named', base: 'release' });
    const ids: number[] = [];

    const written = await toldBy(async () => {
      ids.push(github.comment('acme/api', number, { body: 'Hello', sender: 'mona' }).id);
    });
    const edited = await toldBy(async () => github.editComment(ids[0] ?? 0, 'Hello again'));
    const replied = await toldBy(() => api('POST', `/issues/${number}/comments`, { body: 'An answer' }));

    expect(written.get('issue_comment created')).toMatchObject({
      issue: { number, pull_request: { url: expect.stringContaining(`/pulls/${number}`) } },
      comment: { id: ids[0], body: 'Hello' },
      sender: { login: 'mona', type: 'User' },
    });
    expect(edited.get('issue_comment edited')).toMatchObject({
      comment: { id: ids[0], body: 'Hello again' },
      changes: { body: { from: 'Hello' } },
    });
    expect(replied.get('issue_comment created')).toMatchObject({ sender: { type: 'Bot' } });
    expect(github.comments('acme/api', number).map(({ body }) => body)).toEqual(['Hello again', 'An answer']);
  });
});

describe('permissions', () => {
  test.each([
    ['acme', 'admin', 'admin'],
    ['mary', 'write', 'maintain'],
    ['developer', 'write', 'write'],
    ['tina', 'read', 'triage'],
    ['mona', 'read', 'read'],
  ])('of %s are %s, as %s', async (login, permission, role) => {
    const reply = await api('GET', `/collaborators/${login}/permission`);

    expect([reply.field('permission'), reply.field('role_name')]).toEqual([permission, role]);
  });

  test('are told by GraphQL to apps that may see them only', async () => {
    const { number } = await github.openPullRequest('acme/api', { head: 'named', base: 'main' });
    const query = `{ repository(owner: "acme", name: "api") {
      pullRequest(number: ${number}) { state headRefName author { login } }
      collaborators(login: "mary", first: 1) { edges { permission node { login } } }
    } }`;
    const ask = () => call(github, 'POST', '/graphql', { authorization, body: { query } });

    const refused = await ask();
    github.showCollaborators(true);
    const told = await ask();
    github.showCollaborators(false);

    expect(refused.field('errors', 0, 'type')).toBe('FORBIDDEN');
    expect(refused.field('data', 'repository')).toMatchObject({
      pullRequest: { state: 'OPEN' },
      collaborators: null,
    });
    expect(told.field('errors')).toBeUndefined();
    expect(told.field('data', 'repository')).toEqual({
      pullRequest: { state: 'OPEN', headRefName: 'named', author: { login: 'developer' } },
      collaborators: { edges: [{ permission: 'MAINTAIN', node: { login: 'mary' } }] },
    });
  });

  test('are not asked of a pull request that is not there', async () => {
    const query = '{ repository(owner: "acme", name: "api") { pullRequest(number: 999) { state } } }';

    const reply = await call(github, 'POST', '/graphql', { authorization, body: { query } });

    expect(reply.field('errors', 0, 'type')).toBe('NOT_FOUND');
  });
});

describe('a reaction', () => {
  const REACT = `mutation React($comment: ID!) {
    addReaction(input: { subjectId: $comment, content: EYES }) {
      subject { ... on IssueComment { databaseId repository { pullRequest(number: 1) { number } } } }
    }
  }`;
  const react = (comment: string) =>
    call(github, 'POST', '/graphql', { authorization, body: { query: REACT, variables: { comment } } });

  test('is given once, and tells of the repository around its comment', async () => {
    const comment = await api('POST', '/issues/1/comments', { body: 'Look' });
    const id = String(comment.field('node_id'));

    const given = [await react(id), await react(id)];

    const subject = { databaseId: comment.field('id'), repository: { pullRequest: { number: 1 } } };
    expect(given.map((reply) => reply.field('data', 'addReaction'))).toEqual([{ subject }, { subject }]);
    const said = github.comments('acme/api', 1).at(-1);
    expect(said?.reactions.map(({ content }) => content)).toEqual(['eyes']);
  });

  test('to a comment that is not there is refused', async () => {
    expect((await react('nothing')).field('errors', 0, 'type')).toBe('NOT_FOUND');
  });
});

describe('a merge queue', () => {
  test('asks about a commit of its own, and moves the base to it when it is merged', async () => {
    const { sha } = await github.pushFiles('acme/api', {
      files: { q: '1' },
      branch: 'queued',
      parents: [base],
    });
    const { number } = await github.openPullRequest('acme/api', { head: 'queued' });
    let group = { branch: '', sha: '' };

    const asked = await toldBy(async () => {
      group = await github.queue('acme/api', number);
    });
    const done = await toldBy(() => github.dequeue(group, 'merged'));

    expect([...asked.keys()].sort()).toEqual([
      'check_suite requested',
      'merge_group checks_requested',
      'push',
    ]);
    expect(group.branch).toBe(`gh-readonly-queue/main/pr-${number}-${base}`);
    expect(asked.get('merge_group checks_requested')).toMatchObject({
      merge_group: {
        head_sha: group.sha,
        head_ref: `refs/heads/${group.branch}`,
        base_ref: 'refs/heads/main',
      },
    });
    expect(done.get('merge_group destroyed')).toMatchObject({ reason: 'merged' });
    expect(done.get('pull_request closed')).toMatchObject({ pull_request: { merged: true } });
    expect(await github.head('acme/api')).toBe(group.sha);
    expect(await github.head('acme/api', group.branch)).toBeNull();
    expect((await api('GET', `/compare/${sha}...main`)).field('status')).toBe('ahead');
  });

  test('forgets what it does not want any more', async () => {
    const head = await github.head('acme/api');
    await github.pushFiles('acme/api', { files: { r: '1' }, branch: 'dropped', parents: [base] });
    const { number } = await github.openPullRequest('acme/api', { head: 'dropped' });
    const group = await github.queue('acme/api', number);

    const done = await toldBy(() => github.dequeue(group, 'dequeued'));

    expect(done.get('merge_group destroyed')).toMatchObject({ reason: 'dequeued' });
    expect(await github.head('acme/api')).toBe(head);
  });
});
