import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import nock from 'nock';
import { createRepositories } from '../../src/github/repositories.ts';
import { PUBLIC, REPOSITORY, SHA, testClients } from './fixture.ts';
import { nockToken } from './nock-token.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => nock.restore());

const QUERY = `query LineCounts($owner: String!, $name: String!, $f0: String!, $f1: String!) {
  repository(owner: $owner, name: $name) {
    f0: object(expression: $f0) { ...File }
    f1: object(expression: $f1) { ...File }
  }
}
fragment File on GitObject { ... on Blob { text } }`;

const options = { configFile: '.tekton-ci.yml', toolchainFiles: [] };

function lineCounts(paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return createRepositories(testClients(), options).lineCounts(REPOSITORY, SHA, paths);
}

test('The lines of files are counted by one query, which GitHub has', async () => {
  nockToken();
  const variables = { owner: 'acme', name: 'api', f0: `${SHA}:src/a.ts`, f1: `${SHA}:b.ts` };
  nock(PUBLIC)
    .post('/graphql', { query: QUERY, variables })
    .reply(200, { data: { repository: { f0: { text: 'one\ntwo\n' }, f1: { text: 'one\ntwo' } } } });

  expect([...(await lineCounts(['src/a.ts', 'b.ts']))]).toEqual([
    ['src/a.ts', 2],
    ['b.ts', 2],
  ]);
  const schema = readFileSync(
    new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url),
    'utf8',
  );
  expect(validate(buildSchema(schema, { assumeValid: true }), parse(QUERY))).toEqual([]);
});

test('A path at which there is nothing, a folder or no text is left out', async () => {
  nockToken();
  nock(PUBLIC)
    .post('/graphql')
    .reply(200, { data: { repository: { f0: null, f1: {}, f2: { text: null }, f3: { text: '' } } } });

  expect([...(await lineCounts(['gone', 'folder', 'image.png', 'empty']))]).toEqual([['empty', 0]]);
});

test('No more than a hundred are asked for', async () => {
  nockToken();
  nock(PUBLIC)
    .post('/graphql', ({ variables }: { variables: object }) => Object.keys(variables).length === 102)
    .reply(200, { data: { repository: {} } });

  expect((await lineCounts(Array.from({ length: 300 }, (_, index) => `f${index}`))).size).toBe(0);
});
