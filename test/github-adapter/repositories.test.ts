import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import nock from 'nock';
import type { Repositories } from '../../src/app/github-ports.ts';
import { createRepositories } from '../../src/github/repositories.ts';
import { failureOf, INSTALLATION, NOW, PUBLIC, REPOSITORY, SHA, testClients } from './fixture.ts';
import { nockToken } from './nock-token.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => nock.restore());

const FILE = 0o100644;
const EXECUTABLE = 0o100755;
const SYMLINK = 0o120000;
const DIRECTORY = 0o040000;
const SUBMODULE = 0o160000;

function repositories(now: () => Date = () => NOW): Repositories {
  const options = { configFile: '.tekton-ci.yml', toolchainFiles: ['go.mod', 'package.json'] };
  return createRepositories(testClients({ clock: { now } }), options);
}

function blob(text: string, changes: object = {}) {
  return {
    __typename: 'Blob',
    oid: `oid-of-${text.trim()}`,
    byteSize: Buffer.byteLength(text),
    isBinary: false,
    isTruncated: false,
    text,
    ...changes,
  };
}

function tree(entries: Record<string, number>) {
  return { __typename: 'Tree', entries: Object.entries(entries).map(([name, mode]) => ({ name, mode })) };
}

const commit = { __typename: 'Commit', message: 'fix: the pump\n\nIt leaked.' };

interface Asked {
  readonly query: string;
  readonly variables: Record<string, string>;
}

/** Answers one GraphQL request and keeps what was asked. */
function nockGraphQL(answer: object, asked: Asked[] = []): Asked[] {
  nockToken();
  nock(PUBLIC)
    .post('/graphql', (body: Asked) => asked.push(body) > 0)
    .reply(200, answer);
  return asked;
}

const root = (objects: object) => ({ data: { repository: { commit, ...objects } } });

describe('a snapshot', () => {
  test('is one request for message, config, root entries and toolchain files', async () => {
    const asked = nockGraphQL(
      root({
        d0: tree({ '.tekton-ci.yml': FILE, 'go.mod': EXECUTABLE, cmd: DIRECTORY }),
        d0f0: blob('go: 1.25\n'),
        d0f1: blob('module x'),
        d0f2: null,
      }),
    );

    const snapshot = await repositories().snapshot(REPOSITORY, SHA, []);

    expect(snapshot).toEqual({
      message: 'fix: the pump\n\nIt leaked.',
      config: { oid: 'oid-of-go: 1.25', text: 'go: 1.25\n' },
      root: { entries: ['.tekton-ci.yml', 'go.mod', 'cmd'], text: { 'go.mod': 'module x' } },
      branches: new Map(),
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]!.variables).toEqual({
      owner: 'acme',
      name: 'api',
      sha: SHA,
      d0: `${SHA}:`,
      d0f0: `${SHA}:.tekton-ci.yml`,
      d0f1: `${SHA}:go.mod`,
      d0f2: `${SHA}:package.json`,
    });
  });

  test('without a config has none, and finds no fault with other files', async () => {
    nockGraphQL(root({ d0: tree({ 'go.mod': SYMLINK }), d0f0: null, d0f1: blob('../go.mod'), d0f2: null }));

    const { config, root: files } = await repositories().snapshot(REPOSITORY, SHA, []);

    expect(config).toBeNull();
    expect(files).toEqual({ entries: ['go.mod'], text: {} });
  });

  test('of an empty config has its empty text', async () => {
    nockGraphQL(root({ d0: tree({ '.tekton-ci.yml': FILE }), d0f0: blob(''), d0f1: null, d0f2: null }));

    expect((await repositories().snapshot(REPOSITORY, SHA, [])).config?.text).toBe('');
  });

  test.each([
    ['a symbolic link', SYMLINK, blob('ci.yml'), 'is a symbolic link'],
    ['binary', FILE, blob('x', { isBinary: true, text: null }), 'is not text'],
    ['of no known encoding', FILE, blob('x', { isBinary: null, text: null }), 'is not text'],
    ['truncated', FILE, blob('x', { isTruncated: true, byteSize: 600_000 }), 'is too large (600000 bytes)'],
    ['more than 64 KiB', FILE, blob('x', { byteSize: 65_537 }), 'is too large (65537 bytes)'],
  ])('whose config is %s is refused by name', async (_, mode, config, words) => {
    nockGraphQL(root({ d0: tree({ '.tekton-ci.yml': mode }), d0f0: config, d0f1: null, d0f2: null }));

    const error = await failureOf(repositories().snapshot(REPOSITORY, SHA, []));

    expect(error).toMatchObject({ name: 'UserError', code: 'config-unreadable' });
    expect(String(error)).toContain(`.tekton-ci.yml ${words}`);
  });

  test.each([
    ['a symbolic link', SYMLINK, blob('x'), 'is a symbolic link'],
    ['truncated', FILE, blob('x', { isTruncated: true, byteSize: 600_000 }), 'keep it under 512 KB'],
  ])('with a toolchain file that is %s is refused by its name', async (_, mode, file, words) => {
    const entries = tree({ '.tekton-ci.yml': FILE, 'package.json': mode });
    nockGraphQL(root({ d0: entries, d0f0: blob(''), d0f1: null, d0f2: file }));

    const error = await failureOf(repositories().snapshot(REPOSITORY, SHA, []));

    expect(error).toMatchObject({ code: 'config-unreadable' });
    expect(String(error)).toContain('package.json is');
    expect(String(error)).toContain(words);
  });

  test('reads a toolchain file of more than 64 KiB', async () => {
    const text = 'x'.repeat(100_000);
    const entries = tree({ '.tekton-ci.yml': FILE, 'package.json': FILE });
    nockGraphQL(root({ d0: entries, d0f0: blob(''), d0f1: null, d0f2: blob(text) }));

    expect((await repositories().snapshot(REPOSITORY, SHA, [])).root.text).toEqual({ 'package.json': text });
  });

  test.each([
    ['directory', DIRECTORY, { __typename: 'Tree' }],
    ['submodule', SUBMODULE, null],
  ])('does not take a %s for a toolchain file', async (_, mode, object) => {
    const entries = tree({ '.tekton-ci.yml': FILE, 'go.mod': mode });
    nockGraphQL(root({ d0: entries, d0f0: blob(''), d0f1: object, d0f2: null }));

    expect((await repositories().snapshot(REPOSITORY, SHA, [])).root.text).toEqual({});
  });
});

describe('what is not a whole answer is a failure, never "absent"', () => {
  const whole = { d0: tree({}), d0f0: null, d0f1: null, d0f2: null };

  test.each<[string, object]>([
    [
      'errors beside data',
      { ...root(whole), errors: [{ message: 'timeout', path: ['repository', 'd0f0'] }] },
    ],
    ['no repository', { data: { repository: null } }],
    ['no commit', { data: { repository: { ...whole, commit: null } } }],
    ['a tag in place of the commit', { data: { repository: { ...whole, commit: { __typename: 'Tag' } } } }],
    ['no root', root({ ...whole, d0: null })],
    ['a root without entries', root({ ...whole, d0: { __typename: 'Tree', entries: null } })],
    ['a file left out', root({ d0: tree({}), d0f0: null, d0f1: null })],
    [
      'a file without its text',
      root({ ...whole, d0: tree({ '.tekton-ci.yml': FILE }), d0f0: { __typename: 'Blob' } }),
    ],
    ['a file that is listed but not given', root({ ...whole, d0: tree({ '.tekton-ci.yml': FILE }) })],
    ['no data', {}],
  ])('%s', async (_, answer) => {
    nockGraphQL(answer);

    const error = await failureOf(repositories().snapshot(REPOSITORY, SHA, []));

    expect(error).not.toMatchObject({ name: 'UserError' });
  });

  test.each([
    ['NOT_FOUND', { status: 404 }],
    ['FORBIDDEN', { status: 403 }],
    ['INTERNAL', { status: 200 }],
    ['RATE_LIMITED', { name: 'TryLaterError', retryAfterSeconds: 60 }],
  ])('errors of type %s are told apart', async (type, expected) => {
    nockGraphQL({ data: null, errors: [{ type, message: 'no' }] });

    expect(await failureOf(repositories().snapshot(REPOSITORY, SHA, []))).toMatchObject(expected);
  });

  test('a refusal without a path, beside data that is whole', async () => {
    const whole = root({ d0: tree({}), d0f0: null, d0f1: null, d0f2: null });
    nockGraphQL({ ...whole, errors: [{ type: 'FORBIDDEN', path: [], message: 'no' }] });

    expect(await failureOf(repositories().snapshot(REPOSITORY, SHA, []))).toMatchObject({ status: 403 });
  });

  test('an answer that is not GitHub’s', async () => {
    nockToken();
    nock(PUBLIC).post('/graphql').reply(200, '<html>', { 'content-type': 'text/html' });

    await expect(repositories().snapshot(REPOSITORY, SHA, [])).rejects.toThrow('is not what it documents');
  });
});

describe('project files', () => {
  test('of all paths are one request, and the paths are in its variables only', async () => {
    const hostile = 'w"){ viewer { login } } #$(x)';
    const asked = nockGraphQL(
      root({
        d0: tree({ 'go.mod': FILE, 'main.go': FILE }),
        d0f0: blob('module web'),
        d0f1: null,
        d1: null,
        d1f0: null,
        d1f1: null,
      }),
    );

    const files = await repositories().projectFiles(REPOSITORY, SHA, ['apps/web', hostile]);

    expect([...files]).toEqual([
      ['apps/web', { entries: ['go.mod', 'main.go'], text: { 'go.mod': 'module web' } }],
      [hostile, { entries: [], text: {} }],
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.variables).toMatchObject({ d0f0: `${SHA}:apps/web/go.mod`, d1: `${SHA}:${hostile}` });
    expect(asked[0]!.query).not.toMatch(/web|viewer|[0-9a-f]{40}/);
  });

  test('of no paths are no request', async () => {
    expect(await repositories().projectFiles(REPOSITORY, SHA, [])).toEqual(new Map());
  });

  test('of more than 32 paths are refused', async () => {
    const paths = Array.from({ length: 33 }, (_, index) => `p${index}`);

    await expect(repositories().projectFiles(REPOSITORY, SHA, paths)).rejects.toThrow('32');
  });

  test('name the file that cannot be read by its whole path', async () => {
    nockGraphQL(root({ d0: tree({ 'go.mod': SYMLINK }), d0f0: blob('x'), d0f1: null }));

    await expect(repositories().projectFiles(REPOSITORY, SHA, ['apps/web'])).rejects.toThrow(
      'apps/web/go.mod is a symbolic link',
    );
  });

  test('of a symbolic link to a directory are none', async () => {
    nockGraphQL(root({ d0: blob('elsewhere'), d0f0: null, d0f1: null }));

    const files = await repositories().projectFiles(REPOSITORY, SHA, ['web']);

    expect(files.get('web')).toEqual({ entries: [], text: {} });
  });
});

test('the queries are ones that GitHub’s schema allows', async () => {
  const asked = nockGraphQL({});
  await failureOf(repositories().snapshot(REPOSITORY, SHA, []));
  nockGraphQL({}, asked);
  const paths = Array.from({ length: 32 }, (_, index) => `p${index}`);
  await failureOf(repositories().projectFiles(REPOSITORY, SHA, paths));

  const idl = new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url);
  const schema = buildSchema(readFileSync(idl, 'utf8'), { assumeValid: true });
  const problems = asked.flatMap(({ query }) => validate(schema, parse(query)));

  expect(asked).toHaveLength(2);
  expect(problems).toEqual([]);
});

describe('changed files', () => {
  const path = `/repos/acme/api/compare/main...${SHA}`;

  test('are one request, and a rename counts for both of its paths', async () => {
    nockToken();
    nock(PUBLIC)
      .get(path)
      .query({ per_page: 1, page: 1 })
      .reply(200, {
        total_commits: 2,
        files: [
          { filename: 'web/a.go', status: 'modified' },
          { filename: 'libs/b.go', previous_filename: 'web/b.go', status: 'renamed' },
        ],
      });

    expect(await repositories().changedFiles(REPOSITORY, 'main', SHA)).toEqual({
      files: ['web/a.go', 'libs/b.go', 'web/b.go'],
      complete: true,
    });
  });

  test('a branch’s name is one segment of the address, whatever it is', async () => {
    nockToken();
    nock(PUBLIC)
      .get(`/repos/acme/api/compare/feat%2Fa%23b%3Fc%20%24%28x%29...${SHA}`)
      .query(true)
      .reply(200, { total_commits: 0, files: [] });

    const changed = await repositories().changedFiles(REPOSITORY, 'feat/a#b?c $(x)', SHA);

    expect(changed).toEqual({ files: [], complete: true });
  });

  test.each([
    [299, 249, true],
    [300, 249, false],
    [299, 250, false],
  ])('%d files in %d commits are complete: %s', async (files, total_commits, complete) => {
    nockToken();
    const names = Array.from({ length: files }, (_, index) => ({ filename: `f${index}` }));
    nock(PUBLIC).get(path).query(true).reply(200, { total_commits, files: names });

    expect((await repositories().changedFiles(REPOSITORY, 'main', SHA)).complete).toBe(complete);
  });

  test('without a merge base are not complete', async () => {
    nockToken();
    nock(PUBLIC).get(path).query(true).reply(404, { message: 'No common ancestor' });

    const changed = await repositories().changedFiles(REPOSITORY, 'main', SHA);

    expect(changed).toEqual({ files: [], complete: false });
  });

  test('that GitHub leaves out are not complete', async () => {
    nockToken();
    nock(PUBLIC).get(path).query(true).reply(200, { total_commits: 1 });

    expect((await repositories().changedFiles(REPOSITORY, 'main', SHA)).complete).toBe(false);
  });

  test('are a failure when GitHub fails, or is not installed there any more', async () => {
    nockToken();
    nock(PUBLIC).get(path).query(true).reply(500, { message: 'Server Error' });
    await expect(repositories().changedFiles(REPOSITORY, 'main', SHA)).rejects.toMatchObject({ status: 500 });

    nock(PUBLIC)
      .post(`/app/installations/${INSTALLATION}/access_tokens`)
      .reply(404, { message: 'Not Found' });
    await expect(repositories().changedFiles(REPOSITORY, 'main', SHA)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a clone token', () => {
  const narrow = { repository_ids: [42], permissions: { contents: 'read' } };
  const nockMint = (token: string, expires_at = '2026-11-23T11:00:00Z') =>
    nock(PUBLIC)
      .post(`/app/installations/${INSTALLATION}/access_tokens`, narrow)
      .reply(201, { token, expires_at, permissions: { contents: 'read', metadata: 'read' } });

  test('is for one repository’s contents only, and minted once for all who ask at the same time', async () => {
    nockMint('ghs_clone');
    const port = repositories();

    const tokens = await Promise.all([
      port.cloneToken(REPOSITORY, 'trusted'),
      port.cloneToken(REPOSITORY, 'trusted'),
    ]);

    const expected = { token: 'ghs_clone', expiresAt: new Date('2026-11-23T11:00:00Z') };
    expect(tokens).toEqual([expected, expected]);
  });

  test('is not shared between trusted and untrusted runs', async () => {
    nockMint('ghs_one');
    nockMint('ghs_two');
    const port = repositories();

    const trusted = await port.cloneToken(REPOSITORY, 'trusted');
    const untrusted = await port.cloneToken(REPOSITORY, 'untrusted');

    expect([trusted.token, untrusted.token]).toEqual(['ghs_one', 'ghs_two']);
  });

  test('is kept while 30 minutes are left', async () => {
    let now = NOW;
    const port = repositories(() => now);
    nockMint('ghs_one');
    await port.cloneToken(REPOSITORY, 'trusted');
    now = new Date('2026-11-23T10:30:00Z');
    expect((await port.cloneToken(REPOSITORY, 'trusted')).token).toBe('ghs_one');

    now = new Date('2026-11-23T10:30:01Z');
    nockMint('ghs_two', '2026-11-23T11:30:01Z');

    expect((await port.cloneToken(REPOSITORY, 'trusted')).token).toBe('ghs_two');
  });

  test('is never what GitHub did not say', async () => {
    nock(PUBLIC)
      .post(`/app/installations/${INSTALLATION}/access_tokens`)
      .reply(201, { token: '', expires_at: 'soon' });

    await expect(repositories().cloneToken(REPOSITORY, 'trusted')).rejects.toThrow('token, expires_at');
  });
});
