import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import type { Person } from '../../src/core/plan/event.ts';
import { createPullRequests } from '../../src/github/pull-requests.ts';
import { PUBLIC, REPOSITORY, SHA, testClients } from './fixture.ts';
import { nockToken } from './nock-token.ts';

beforeAll(() => nock.disableNetConnect());

afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

afterAll(() => nock.restore());

const OPTIONS = { configFile: '.tekton-ci.yml', toolchainFiles: ['go.mod'] };

const pullRequests = () => createPullRequests(testClients(), OPTIONS);

const MONA: Person = { id: 5, login: 'mona', bot: false };

const PULL_FIELDS = `pullRequest(number: $number) {
      number state updatedAt headRefOid headRefName baseRefName
      headRepository { databaseId }
      author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
    }`;

const ACCESS = 'collaborators(login: $login, first: 1) { edges { permission node { databaseId } } }';

const QUERY = `query Pull($owner: String!, $name: String!, $number: Int!, $login: String!) {
  repository(owner: $owner, name: $name) {
    ${PULL_FIELDS}
    ${ACCESS}
  }
}`;

/** Of the pull request alone. */
const QUERY_OF_PULL = `query Pull($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    ${PULL_FIELDS}
  }
}`;

const MUTATION = `mutation Acknowledge($comment: ID!, $number: Int!, $login: String!) {
  addReaction(input: { subjectId: $comment, content: EYES }) {
    subject { ... on IssueComment { repository {
    ${PULL_FIELDS}
    ${ACCESS}
    } } }
  }
}`;

const MUTATION_OF_PULL = `mutation Acknowledge($comment: ID!, $number: Int!) {
  addReaction(input: { subjectId: $comment, content: EYES }) {
    subject { ... on IssueComment { repository {
    ${PULL_FIELDS}
    } } }
  }
}`;

/** With the commit that is to be approved. */
const MUTATION_WITH_COMMIT = `mutation Acknowledge($comment: ID!, $number: Int!, $login: String!, $sha: GitObjectID!, $d0: String!, $d0f0: String!, $d0f1: String!, $b0: String!, $file: String!) {
  addReaction(input: { subjectId: $comment, content: EYES }) {
    subject { ... on IssueComment { repository {
    ${PULL_FIELDS.replace(/\n {4}}$/, '\n      baseRef { target { ...Branch } }\n    }')}
    ${ACCESS}
    commit: object(oid: $sha) { __typename ... on Commit { message } }
    d0: object(expression: $d0) { ...Directory }
    d0f0: object(expression: $d0f0) { ...File }
    d0f1: object(expression: $d0f1) { ...File }
    b0: object(expression: $b0) { ...Branch }
    } } }
  }
}
fragment Directory on GitObject { __typename ... on Tree { entries { name mode } } }
fragment File on GitObject { __typename ... on Blob { oid byteSize isBinary isTruncated text } }
fragment Branch on GitObject { ... on Commit { file(path: $file) { mode object { ...File } } } }`;

const PULL = {
  number: 12,
  state: 'OPEN',
  updatedAt: '2026-11-23T09:59:00Z',
  headRefOid: SHA,
  headRefName: 'feature',
  baseRefName: 'main',
  headRepository: { databaseId: 42 },
  author: { __typename: 'User', login: 'octo', databaseId: 6 },
};

const STATE = {
  number: 12,
  open: true,
  sha: SHA,
  branch: 'feature',
  headRepositoryId: 42,
  base: 'main',
  author: { id: 6, login: 'octo', bot: false },
  at: new Date('2026-11-23T09:59:00Z'),
};

const granted = (permission: string, databaseId = 5) => ({
  collaborators: { edges: [{ permission, node: { databaseId } }] },
});

/** Answers one query, exactly as it is asked. */
function nockQuery(repository: object | null, errors?: readonly object[]): nock.Scope {
  return nockGraphQL(QUERY, { ...AT, login: 'mona' }, { repository }, errors);
}

function nockPull(pullRequest: object | null, errors?: readonly object[]): nock.Scope {
  return nockGraphQL(QUERY_OF_PULL, AT, { repository: { pullRequest } }, errors);
}

const AT = { owner: 'acme', name: 'api', number: 12 };

function nockGraphQL(
  query: string,
  variables: { [name: string]: string | number },
  data: object,
  errors?: readonly object[],
): nock.Scope {
  return nock(PUBLIC)
    .post('/graphql', { query, variables })
    .reply(200, { data, ...(errors && { errors }) });
}

const acknowledged = (repository: object) => ({ addReaction: { subject: { repository } } });

const MISSING = { type: 'NOT_FOUND', path: ['repository', 'pullRequest'], message: 'Could not resolve' };

const FORBIDDEN = {
  type: 'FORBIDDEN',
  path: ['repository', 'collaborators'],
  message: 'Must have push access to view repository collaborators.',
};

function nockPermission(status: number, body: object): nock.Scope {
  return nock(PUBLIC).get('/repos/acme/api/collaborators/mona/permission').reply(status, body);
}

const ROLE = { permission: 'write', role_name: 'write', user: { id: 5 } };
const NOT_FOUND = { message: 'Not Found' };

describe('a pull request and what somebody may do', () => {
  test.each([
    ['ADMIN', 'write'],
    ['MAINTAIN', 'write'],
    ['WRITE', 'write'],
    ['TRIAGE', 'read'],
    ['READ', 'read'],
    ['SOMETHING_NEW', 'none'],
  ])('are told by one query; %s is %s', async (role, permission) => {
    nockToken();
    nockQuery({ pullRequest: PULL, ...granted(role) });

    const found = await pullRequests().read(REPOSITORY, 12, { who: MONA });

    expect(found).toEqual({ pull: STATE, permission, commit: null });
  });

  test.each([
    ['of a fork that is gone', { headRepository: null }, { headRepositoryId: null }],
    ['that is merged', { state: 'MERGED' }, { open: false }],
    ['that is closed', { state: 'CLOSED' }, { open: false }],
    [
      'of a bot',
      { author: { __typename: 'Bot', login: 'dependabot', databaseId: 9 } },
      { author: { id: 9, login: 'dependabot[bot]', bot: true } },
    ],
    ['of a deleted account', { author: null }, { author: { id: 0, login: 'ghost', bot: false } }],
    [
      'of an account without a number',
      { author: { __typename: 'Mannequin', login: 'old' } },
      { author: { id: 0, login: 'ghost', bot: false } },
    ],
  ])('are told of one %s', async (_what, told, expected) => {
    nockToken();
    nockQuery({ pullRequest: { ...PULL, ...told }, ...granted('READ') });

    const { pull } = await pullRequests().read(REPOSITORY, 12, { who: MONA });

    expect(pull).toEqual({ ...STATE, ...expected });
  });

  test.each([
    ['is not listed', { collaborators: { edges: [] } }],
    ['is listed under another account', granted('ADMIN', 99)],
    ['is hidden', { collaborators: null }],
  ])('are asked of REST when the account %s', async (_what, collaborators) => {
    nockToken();
    nockQuery({ pullRequest: PULL, ...collaborators });
    nockPermission(200, { ...ROLE, user: { id: 99 } });

    const found = await pullRequests().read(REPOSITORY, 12, { who: MONA });

    expect(found).toEqual({ pull: STATE, permission: 'none', commit: null });
  });

  test('are asked of REST where the app may not see who has access', async () => {
    nockToken();
    nockQuery({ pullRequest: PULL, collaborators: null }, [FORBIDDEN]);
    nockPermission(200, ROLE);

    const found = await pullRequests().read(REPOSITORY, 12, { who: MONA });

    expect(found).toEqual({ pull: STATE, permission: 'write', commit: null });
  });

  test('are not known when something else is refused as well', async () => {
    nockToken();
    const other = { type: 'FORBIDDEN', path: ['repository', 'pullRequest'], message: 'No' };
    nockQuery({ pullRequest: null, collaborators: null }, [FORBIDDEN, other]);
    nockPull(null, [other]);

    await expect(pullRequests().read(REPOSITORY, 12, { who: MONA })).rejects.toMatchObject({ status: 403 });
  });

  test('are of nothing when it is no pull request', async () => {
    nockToken();
    nockQuery({ pullRequest: null, ...granted('WRITE') }, [MISSING]);
    nockPermission(200, ROLE);

    const found = await pullRequests().read(REPOSITORY, 12, { who: MONA });

    expect(found).toEqual({ pull: null, permission: 'write', commit: null });
  });

  test('are not known while GitHub is out, nor while the app is not installed', async () => {
    nockToken();
    nock(PUBLIC).post('/graphql').reply(502, '<html>');
    await expect(pullRequests().read(REPOSITORY, 12, { who: MONA })).rejects.toMatchObject({
      status: 502,
    });

    nock(PUBLIC).post('/app/installations/77/access_tokens').reply(404, NOT_FOUND);
    await expect(pullRequests().read(REPOSITORY, 12, { who: MONA })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('a permission', () => {
  test.each([
    ['an admin', { permission: 'admin', role_name: 'admin' }, 'write'],
    ['a maintainer', { permission: 'write', role_name: 'maintain' }, 'write'],
    ['a writer', { permission: 'write', role_name: 'write' }, 'write'],
    ['a triager', { permission: 'read', role_name: 'triage' }, 'read'],
    ['a reader', { permission: 'read', role_name: 'read' }, 'read'],
    ['nobody', { permission: 'none', role_name: '' }, 'none'],
    ['a custom role that may write', { permission: 'write', role_name: 'release-captain' }, 'write'],
    ['a custom role that may read', { permission: 'read', role_name: 'auditor' }, 'read'],
    ['a custom role named like another', { permission: 'read', role_name: 'write' }, 'read'],
    ['a login that somebody else has now', { ...ROLE, user: { id: 99 } }, 'none'],
    ['a deleted account', { ...ROLE, user: null }, 'none'],
  ])('of %s', async (_who, answer, expected) => {
    nockToken();
    nockPermission(200, { user: { id: 5 }, ...answer });

    expect(await pullRequests().permission(REPOSITORY, MONA)).toBe(expected);
  });

  test('of nobody that GitHub names is none', async () => {
    nockToken();
    nock(PUBLIC)
      .get('/repos/acme/api/collaborators/ghost/permission')
      .reply(200, { ...ROLE, user: { id: 0 } });
    const ghost = { id: 0, login: 'ghost', bot: false };

    expect(await pullRequests().permission(REPOSITORY, ghost)).toBe('none');
  });

  test('of a login that nobody has is none; of an outage it is unknown', async () => {
    const port = pullRequests();
    nockToken();
    nockPermission(404, NOT_FOUND);
    nockPermission(403, { message: 'Resource not accessible by integration' });

    expect(await port.permission(REPOSITORY, MONA)).toBe('none');
    await expect(port.permission(REPOSITORY, MONA)).rejects.toMatchObject({ status: 403 });
  });

  test('of a login with odd characters is asked by its own address', async () => {
    nockToken();
    nock(PUBLIC).get('/repos/acme/api/collaborators/..%2Fx%3Fy/permission').reply(404, NOT_FOUND);
    const odd = { id: 5, login: '../x?y', bot: false };

    expect(await pullRequests().permission(REPOSITORY, odd)).toBe('none');
  });
});

describe('a comment that asks for something', () => {
  const COMMENT = 'IC_7';
  const asked = { who: MONA, comment: COMMENT };
  const variables = { comment: COMMENT, number: 12, login: 'mona' };
  const GONE = { type: 'NOT_FOUND', path: ['addReaction'], message: 'Could not resolve to a node' };

  test('gets its 👀 by the request that reads the rest', async () => {
    nockToken();
    nockGraphQL(MUTATION, variables, acknowledged({ pullRequest: PULL, ...granted('WRITE') }));

    const found = await pullRequests().read(REPOSITORY, 12, asked);

    expect(found).toEqual({ pull: STATE, permission: 'write', commit: null });
  });

  test('gets it as well where the app may not see who has access', async () => {
    nockToken();
    const data = acknowledged({ pullRequest: PULL, collaborators: null });
    nockGraphQL(MUTATION, variables, data, [
      { ...FORBIDDEN, path: ['addReaction', 'subject', 'repository', 'collaborators'] },
    ]);
    nockPermission(200, ROLE);

    const found = await pullRequests().read(REPOSITORY, 12, asked);

    expect(found).toEqual({ pull: STATE, permission: 'write', commit: null });
  });

  test('gets it as well where who has access is refused with all around it', async () => {
    nockToken();
    const refusal = { ...FORBIDDEN, path: ['addReaction', 'subject'] };
    nockGraphQL(MUTATION, variables, { addReaction: null }, [refusal]);
    const { login: _login, ...less } = variables;
    nockGraphQL(MUTATION_OF_PULL, less, acknowledged({ pullRequest: PULL }));
    nockPermission(200, ROLE);

    const found = await pullRequests().read(REPOSITORY, 12, asked);

    expect(found).toEqual({ pull: STATE, permission: 'write', commit: null });
  });

  test('is acted on when it was deleted meanwhile', async () => {
    nockToken();
    nockGraphQL(MUTATION, variables, { addReaction: null }, [GONE]);
    nockQuery({ pullRequest: PULL, ...granted('WRITE') });

    const found = await pullRequests().read(REPOSITORY, 12, asked);

    expect(found).toEqual({ pull: STATE, permission: 'write', commit: null });
  });

  describe('of a commit', () => {
    const config = (oid: string) => ({
      mode: 0o100644,
      object: {
        __typename: 'Blob',
        oid,
        byteSize: 9,
        isBinary: false,
        isTruncated: false,
        text: 'go: 1.25\n',
      },
    });
    const objects = {
      commit: { __typename: 'Commit', message: 'fix: the pump' },
      d0: { __typename: 'Tree', entries: [{ name: 'go.mod', mode: 0o100644 }] },
      d0f0: null,
      d0f1: { ...config('of-go.mod').object, text: 'module x' },
      b0: { file: config('of-main') },
    };
    const into = (target: object | null) => ({ ...PULL, baseRefName: 'release', baseRef: { target } });
    const asksFor = {
      ...variables,
      sha: SHA,
      d0: `${SHA}:`,
      d0f0: `${SHA}:.tekton-ci.yml`,
      d0f1: `${SHA}:go.mod`,
      b0: 'refs/heads/main',
      file: '.tekton-ci.yml',
    };

    test('has that commit read as well, with the config of the base', async () => {
      nockToken();
      const pullRequest = into({ file: config('of-release') });
      nockGraphQL(
        MUTATION_WITH_COMMIT,
        asksFor,
        acknowledged({ pullRequest, ...granted('WRITE'), ...objects }),
      );

      const { commit } = await pullRequests().read(REPOSITORY, 12, { ...asked, sha: SHA });

      expect(commit?.sha).toBe(SHA);
      expect(commit?.snapshot()).toEqual({
        message: 'fix: the pump',
        config: null,
        root: { entries: ['go.mod'], text: { 'go.mod': 'module x' } },
        branches: new Map([
          ['main', { oid: 'of-main', text: 'go: 1.25\n' }],
          ['release', { oid: 'of-release', text: 'go: 1.25\n' }],
        ]),
      });
    });

    test.each([
      ['is not there', null],
      ['is something else', { __typename: 'Tree' }],
    ])('that %s has none', async (_what, commit) => {
      nockToken();
      const answer = { pullRequest: into(null), ...granted('WRITE'), ...objects, d0: null, commit };
      nockGraphQL(MUTATION_WITH_COMMIT, asksFor, acknowledged(answer));

      const found = await pullRequests().read(REPOSITORY, 12, { ...asked, sha: SHA });

      expect(found).toMatchObject({ permission: 'write', commit: null });
    });
  });

  test('is answered by a comment', async () => {
    nockToken();
    nock(PUBLIC).post('/repos/acme/api/issues/12/comments', { body: 'Hello' }).reply(201, { id: 2 });

    await pullRequests().reply(REPOSITORY, 12, 'Hello');
  });
});

describe('a pull request alone', () => {
  test('is told by one query', async () => {
    nockToken();
    nockPull(PULL);

    expect(await pullRequests().pull(REPOSITORY, 12)).toEqual(STATE);
  });

  test('is nothing when it is not there, and unknown when GitHub refuses', async () => {
    nockToken();
    nockPull(null, [MISSING]);
    nockPull(null, [{ ...FORBIDDEN, path: ['repository', 'pullRequest'] }]);
    const port = pullRequests();

    expect(await port.pull(REPOSITORY, 12)).toBeNull();
    await expect(port.pull(REPOSITORY, 12)).rejects.toMatchObject({ status: 403 });
  });
});
