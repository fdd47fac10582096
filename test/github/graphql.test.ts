import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, type Reply, tokenOf } from './api-client.ts';
import { type CreatedApp, type CreatedRepository, type GitHub, startGitHub } from './github.ts';

let github: GitHub;
let app: CreatedApp;
let repository: CreatedRepository;
let sha: string;
let token: string;

beforeAll(async () => {
  github = await startGitHub();
  app = await github.createApp({ webhookSecret: 'secret' });
  repository = await github.createRepository({ owner: 'acme', name: 'api', private: true });
  const files = {
    '.tekton-ci.yml': 'test: make\n',
    'bin/tool': { content: '#!/bin/sh\n', mode: '100755' },
    image: new Uint8Array([0, 1, 2]),
    large: 'x'.repeat(600_000),
    link: { content: 'large', mode: '120000' },
  };
  sha = (await github.pushFiles('acme/api', { files, message: 'Headline\n\nBody' })).sha;
  await github.createRepository({ owner: 'other', name: 'hidden', private: true });
  token = await tokenOf(github, app, repository.installationId);
});

afterAll(() => github.close());

function query(text: string, variables: object = {}, as = token): Promise<Reply> {
  return call(github, 'POST', '/graphql', {
    authorization: `bearer ${as}`,
    body: { query: text, variables },
  });
}

const REPOSITORY = 'repository(owner: "acme", name: "API")';

describe('a query', () => {
  test('reads a commit, its tree and its files in one go', async () => {
    const reply = await query(
      `query ($sha: GitObjectID!, $config: String!) {
        ${REPOSITORY} {
          databaseId nameWithOwner isPrivate
          defaultBranchRef { name prefix target { oid } }
          object(oid: $sha) {
            __typename
            ... on Commit {
              oid message messageHeadline
              tree { entries { name type mode } }
              file(path: "bin/tool") { name path mode type size }
            }
          }
          config: object(expression: $config) { ... on Blob { oid text byteSize isBinary isTruncated } }
        }
      }`,
      { sha, config: `${sha}:.tekton-ci.yml` },
    );

    expect(reply.field('errors')).toBeUndefined();
    expect(reply.field('data', 'repository')).toMatchObject({
      databaseId: repository.id,
      nameWithOwner: 'acme/api',
      isPrivate: true,
      defaultBranchRef: { name: 'main', prefix: 'refs/heads/', target: { oid: sha } },
      object: {
        __typename: 'Commit',
        message: 'Headline\n\nBody',
        messageHeadline: 'Headline',
        tree: {
          entries: [
            { name: '.tekton-ci.yml', type: 'blob', mode: 0o100644 },
            { name: 'bin', type: 'tree', mode: 0o40000 },
            { name: 'image', type: 'blob', mode: 0o100644 },
            { name: 'large', type: 'blob', mode: 0o100644 },
            { name: 'link', type: 'blob', mode: 0o120000 },
          ],
        },
        file: { name: 'tool', path: 'bin/tool', mode: 0o100755, size: 10 },
      },
      config: { text: 'test: make\n', byteSize: 11, isBinary: false, isTruncated: false },
    });
  });

  test('says of a file that it is binary, or cut', async () => {
    const blob = '{ ... on Blob { text byteSize isBinary isTruncated } }';
    const reply = await query(
      `{ ${REPOSITORY} { image: object(expression: "main:image") ${blob} large: object(expression: "main:large") ${blob} } }`,
    );

    expect(reply.field('data', 'repository', 'image')).toMatchObject({
      text: null,
      isBinary: true,
      byteSize: 3,
    });
    expect(reply.field('data', 'repository', 'large')).toMatchObject({
      isTruncated: true,
      byteSize: 600_000,
    });
  });

  test.each(['main:absent', 'f'.repeat(40), 'nobranch', 'main:a\nb', '', '--all', 'main:bin/tool/x'])(
    'finds nothing at %j and does not fail',
    async (expression) => {
      const text = `query ($e: String!) { ${REPOSITORY} { object(expression: $e) { oid } } }`;
      const reply = await query(text, { e: expression });

      expect(reply.field()).toEqual({ data: { repository: { object: null } } });
    },
  );

  test('reads refs by their qualified name', async () => {
    const reply = await query(
      `{ ${REPOSITORY} { main: ref(qualifiedName: "refs/heads/main") { target { oid } } none: ref(qualifiedName: "refs/heads/no") { name } } }`,
    );

    expect(reply.field('data', 'repository')).toEqual({ main: { target: { oid: sha } }, none: null });
  });

  test('of a repository that the token cannot see is NOT_FOUND', async () => {
    const reply = await query('{ repository(owner: "other", name: "hidden") { id } rateLimit { limit } }');

    expect(reply.status).toBe(200);
    expect(reply.field('data')).toEqual({ repository: null, rateLimit: { limit: 5000 } });
    expect(reply.field('errors', 0)).toMatchObject({
      type: 'NOT_FOUND',
      path: ['repository'],
      message: "Could not resolve to a Repository with the name 'other/hidden'.",
    });
  });

  test('of contents without the permission is FORBIDDEN', async () => {
    const checks = await tokenOf(github, app, repository.installationId, {
      permissions: { checks: 'write' },
    });

    const reply = await query(`{ ${REPOSITORY} { name object(expression: "main") { oid } } }`, {}, checks);

    expect(reply.field('data', 'repository')).toEqual({ name: 'api', object: null });
    expect(reply.field('errors', 0, 'type')).toBe('FORBIDDEN');
  });

  test('without a token is 401', async () => {
    const reply = await call(github, 'POST', '/graphql', { body: { query: '{ rateLimit { limit } }' } });

    expect(reply.status).toBe(401);
    expect(github.violations).toEqual([]);
  });
});

describe('what the schema does not allow', () => {
  test.each([
    ['an unknown field', `{ ${REPOSITORY} { nonsense } }`, 'nonsense'],
    ['a wrong syntax', '{ repository(', 'Syntax Error'],
  ])('%s is an error and a violation', async (_, text, word) => {
    const reply = await query(text);

    expect(reply.status).toBe(200);
    expect(reply.field('errors', 0, 'message')).toContain(word);
    expect(github.violations.at(-1)).toContain(word);
  });

  test('a variable of another type is an error', async () => {
    const reply = await query(
      `query ($sha: GitObjectID!) { ${REPOSITORY} { object(oid: $sha) { oid } } }`,
      {},
    );

    expect(reply.field('errors', 0, 'message')).toContain('$sha');
  });

  test('a field that the stand-in lacks is an error and a violation', async () => {
    const reply = await query(`{ ${REPOSITORY} { stargazerCount } }`);

    expect(reply.field('errors', 0, 'message')).toContain('Repository.stargazerCount');
    expect(github.violations.at(-1)).toContain('Repository.stargazerCount');
  });
});
