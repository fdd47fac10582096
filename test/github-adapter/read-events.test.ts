import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEvent } from '../../src/github/read-event.ts';
import { APP_ID, BEFORE, COMMON, HEAD, READ } from './read-payloads.ts';

const read = (name: string, payload: object) =>
  readEvent({ id: 'guid-1', name, payload: { ...COMMON, ...payload } }, APP_ID);

const ignored = (reason: string | RegExp) => ({
  kind: 'ignored',
  deliveryId: 'guid-1',
  reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
});

describe('a pull request', () => {
  const pull = {
    user: { id: 6, login: 'octo', type: 'User' },
    updated_at: '2026-11-23T10:00:00Z',
    head: { sha: HEAD, ref: 'feature', repo: { id: 43 } },
    base: { ref: 'main' },
  };
  const payload = { action: 'opened', number: 12, pull_request: pull };
  const event = {
    ...READ,
    kind: 'pull_request',
    action: 'opened',
    number: 12,
    head: { sha: HEAD, branch: 'feature', repositoryId: 43 },
    base: 'main',
    before: null,
    author: { id: 6, login: 'octo', bot: false },
    at: new Date('2026-11-23T10:00:00Z'),
  };

  test.each([
    ['that was opened', {}, {}],
    ['that was reopened', { action: 'reopened' }, { action: 'reopened' }],
    [
      'that was pushed to',
      { action: 'synchronize', before: BEFORE },
      { action: 'synchronize', before: BEFORE },
    ],
    ['that is no draft any more', { action: 'ready_for_review' }, { action: 'ready_for_review' }],
    ['that was closed', { action: 'closed' }, { action: 'closed' }],
    [
      'whose base was changed',
      { action: 'edited', changes: { base: { ref: { from: 'x' } } } },
      { action: 'base_changed' },
    ],
    [
      'of a fork that is gone',
      { pull_request: { ...pull, head: { ...pull.head, repo: null } } },
      { head: { sha: HEAD, branch: 'feature', repositoryId: null } },
    ],
    [
      'of a deleted account',
      { pull_request: { ...pull, user: null } },
      { author: { id: 0, login: 'ghost', bot: false } },
    ],
    [
      'of a bot',
      { pull_request: { ...pull, user: { id: 9, login: 'dependabot[bot]', type: 'Bot' } } },
      { author: { id: 9, login: 'dependabot[bot]', bot: true } },
    ],
    ['without a sender', { sender: undefined }, { sender: { id: 0, login: 'ghost', bot: false } }],
  ])('%s is acted on', (_what, changes, expected) => {
    expect(read('pull_request', { ...payload, ...changes })).toEqual({ ...event, ...expected });
  });

  test.each([
    ['whose title was edited', { action: 'edited', changes: { title: { from: 'x' } } }, /not its base/],
    ['that was edited without a word', { action: 'edited' }, /not its base/],
    ['that was labeled', { action: 'labeled' }, /labeled does not change the commit/],
    ['that became a draft', { action: 'converted_to_draft' }, /does not change the commit/],
    ['that entered a merge queue', { action: 'enqueued' }, /does not change the commit/],
    ['without an action', { action: undefined }, /undefined does not change/],
    ['with a short head', { pull_request: { ...pull, head: { ...pull.head, sha: 'abc' } } }, /head\.sha/],
    [
      'with a head that climbs',
      { pull_request: { ...pull, head: { ...pull.head, sha: '../../x' } } },
      /head\.sha/,
    ],
    ['with the number of none', { number: 0 }, /number/],
    ['without a time', { pull_request: { ...pull, updated_at: 'soon' } }, /updated_at/],
    ['of no installation', { installation: undefined }, /of no installation/],
    ['of a repository that climbs', { repository: { ...COMMON.repository, name: '..' } }, /repository\.name/],
  ])('%s is ignored', (_what, changes, reason) => {
    expect(read('pull_request', { ...payload, ...changes })).toEqual(ignored(reason));
  });
});

describe('a merge group', () => {
  const group = { head_sha: HEAD, head_ref: 'refs/heads/gh-readonly-queue/main/pr-12-abc' };
  const payload = { action: 'checks_requested', merge_group: group };
  const event = {
    ...READ,
    kind: 'merge_group',
    action: 'checks_requested',
    reason: null,
    branch: 'gh-readonly-queue/main/pr-12-abc',
    sha: HEAD,
  };

  test.each([
    ['asks for checks', {}, {}],
    ...['merged', 'invalidated', 'dequeued'].map(
      (reason) =>
        [
          `is destroyed, ${reason}`,
          { action: 'destroyed', reason },
          { action: 'destroyed', reason },
        ] as const,
    ),
    [
      'is destroyed for a reason of tomorrow',
      { action: 'destroyed', reason: 'toString' },
      { action: 'destroyed', reason: null },
    ],
    ['is destroyed without a reason', { action: 'destroyed' }, { action: 'destroyed' }],
  ])('that %s is acted on', (_what, changes, expected) => {
    expect(read('merge_group', { ...payload, ...changes })).toEqual({ ...event, ...expected });
  });

  test.each([
    ['with another action', { action: 'renamed' }, 'merge_group renamed is not acted on'],
    ['without a commit', { merge_group: { ...group, head_sha: '' } }, /merge_group\.head_sha/],
    ['without a branch', { merge_group: { ...group, head_ref: '' } }, /merge_group\.head_ref/],
  ])('%s is ignored', (_what, changes, reason) => {
    expect(read('merge_group', { ...payload, ...changes })).toEqual(ignored(reason));
  });
});

describe('a check', () => {
  const run = {
    id: 900,
    name: 'tekton-ci',
    external_id: 'api-1',
    head_sha: HEAD,
    status: 'completed',
    app: { id: APP_ID },
    check_suite: { head_branch: 'feature' },
  };
  const payload = { action: 'rerequested', check_run: run };
  const check = { id: 900, name: 'tekton-ci', externalId: 'api-1', completed: true };
  const rerun = { ...READ, kind: 'rerun', check, sha: HEAD, branch: 'feature' };
  const button = { action: 'requested_action', requested_action: { identifier: 'approve-12' } };

  test.each([
    ['that is re-run', {}, rerun],
    [
      'of a fork that is re-run',
      { check_run: { ...run, check_suite: { head_branch: null } } },
      { ...rerun, branch: null },
    ],
    ['without a suite', { check_run: { ...run, check_suite: null } }, { ...rerun, branch: null }],
    [
      'that is still running',
      { check_run: { ...run, status: 'in_progress' } },
      { ...rerun, check: { ...check, completed: false } },
    ],
    [
      'without an external id',
      { check_run: { ...run, external_id: null } },
      { ...rerun, check: { ...check, externalId: '' } },
    ],
    ['whose button was pressed', button, { ...READ, kind: 'button', check, sha: HEAD, button: 'approve-12' }],
  ])('%s is acted on', (_what, changes, expected) => {
    expect(read('check_run', { ...payload, ...changes })).toEqual(expected);
  });

  test.each([
    ['that was made', { action: 'created' }, /created is our own doing/],
    ['that was completed', { action: 'completed' }, /completed is our own doing/],
    ['of another app', { check_run: { ...run, app: { id: 99 } } }, 'the check is of another app'],
    ['of no app', { check_run: { ...run, app: null } }, 'the check is of another app'],
    ['whose button nobody names', { action: 'requested_action' }, /which button/],
    ['of no commit', { check_run: { ...run, head_sha: null } }, /check_run\.head_sha/],
  ])('%s is ignored', (_what, changes, reason) => {
    expect(read('check_run', { ...payload, ...changes })).toEqual(ignored(reason));
  });
});

describe('a suite of checks', () => {
  const suite = { head_sha: HEAD, head_branch: 'feature', app: { id: APP_ID } };
  const payload = { action: 'rerequested', check_suite: suite };

  test('that is re-run is acted on', () => {
    expect(read('check_suite', payload)).toEqual({
      ...READ,
      kind: 'rerun',
      check: null,
      sha: HEAD,
      branch: 'feature',
    });
    const ofFork = { ...payload, check_suite: { ...suite, head_branch: null } };
    expect(read('check_suite', ofFork)).toMatchObject({ branch: null });
  });

  test.each([
    ['that was asked for by a push', { action: 'requested' }, /a push tells the same/],
    ['that was completed', { action: 'completed' }, /a push tells the same/],
    ['of another app', { check_suite: { ...suite, app: { id: 99 } } }, 'the checks are of another app'],
    ['of no commit', { check_suite: { ...suite, head_sha: 'x' } }, /check_suite\.head_sha/],
  ])('%s is ignored', (_what, changes, reason) => {
    expect(read('check_suite', { ...payload, ...changes })).toEqual(ignored(reason));
  });
});

describe('a comment', () => {
  const payload = {
    action: 'created',
    issue: { number: 12, pull_request: { url: 'https://api.github.com/repos/acme/api/pulls/12' } },
    comment: { node_id: 'IC_7', body: '/tekton-ci why' },
  };

  test('of a person on a pull request is read', () => {
    expect(read('issue_comment', payload)).toEqual({
      ...READ,
      kind: 'comment',
      comment: 'IC_7',
      number: 12,
      body: '/tekton-ci why',
    });
  });

  test.each([
    ['that was edited', { action: 'edited' }, /only new comments/],
    ['that was deleted', { action: 'deleted' }, /only new comments/],
    ['on an issue', { issue: { number: 12 } }, /on an issue/],
    ['by a bot', { sender: { id: 8, login: 'helper[bot]', type: 'Bot' } }, /by a bot/],
    ['without a text', { comment: { node_id: 'IC_7' } }, /comment\.body/],
  ])('%s is ignored', (_what, changes, reason) => {
    expect(read('issue_comment', { ...payload, ...changes })).toEqual(ignored(reason));
  });
});

test('whatever comes is acted on or ignored, and nothing is thrown', () => {
  const names = [
    'push',
    'pull_request',
    'merge_group',
    'check_run',
    'check_suite',
    'issue_comment',
    'toString',
  ];
  const actions = ['opened', 'edited', 'rerequested', 'requested_action', 'created', 'destroyed'];
  const payloads = fc.dictionary(
    fc.constantFrom('action', 'pull_request', 'merge_group', 'check_run', 'issue', 'comment', 'repository'),
    fc.oneof(fc.constantFrom(...actions), fc.jsonValue()),
  );

  fc.assert(
    fc.property(fc.constantFrom(...names), payloads, (name, payload) => {
      expect(readEvent({ id: 'g', name, payload: { installation: { id: 1 }, ...payload } }, 1).kind).toBe(
        'ignored',
      );
    }),
  );
});
