import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEvent } from '../../src/github/read-event.ts';
import { HEAD as AFTER, APP_ID, BEFORE, COMMON, READ } from './read-payloads.ts';

const examples: { name: string; examples: Record<string, unknown>[] }[] = JSON.parse(
  readFileSync(
    new URL('../../node_modules/@octokit/webhooks-examples/api.github.com/index.json', import.meta.url),
    'utf8',
  ),
);

const ZEROS = '0'.repeat(40);

const payload = {
  ref: 'refs/heads/feat/größe',
  before: BEFORE,
  after: AFTER,
  created: false,
  deleted: false,
  forced: true,
  head_commit: { id: AFTER, message: 'fix: the pump\n\nskip-checks: true' },
  ...COMMON,
  pusher: { name: 'mona' },
};

const read = (changes: object = {}, name = 'push') =>
  readEvent({ id: 'guid-1', name, payload: { ...payload, ...changes } }, APP_ID);

describe('a push', () => {
  test('is reduced to what we act on', () => {
    expect(read()).toEqual({
      ...READ,
      kind: 'push',
      ref: { kind: 'branch', name: 'feat/größe' },
      before: BEFORE,
      sha: AFTER,
      forced: true,
      message: 'fix: the pump\n\nskip-checks: true',
    });
  });

  test('that makes a branch has nothing before it', () => {
    expect(read({ before: ZEROS })).toMatchObject({ before: null, sha: AFTER });
  });

  test('that deletes a branch has no commit', () => {
    expect(read({ after: ZEROS, deleted: true, head_commit: null })).toMatchObject({
      sha: null,
      message: '',
    });
  });

  test('of an annotated tag is of the commit, not of the tag object', () => {
    const tag = read({ ref: 'refs/tags/v1.2.0', after: 'c'.repeat(40), before: ZEROS });

    expect(tag).toMatchObject({ ref: { kind: 'tag', name: 'v1.2.0' }, sha: AFTER });
  });

  test('by a bot says so', () => {
    const sender = { id: 6, login: 'dependabot[bot]', type: 'Bot' };

    expect(read({ sender })).toMatchObject({ sender: { login: 'dependabot[bot]', bot: true } });
  });

  test('without a sender is by nobody who could be granted anything', () => {
    expect(read({ sender: undefined })).toMatchObject({ sender: { id: 0, login: 'mona', bot: false } });
  });

  test.each(['$(touch /pwned)', '`a`', 'refs/heads/x', 'a\nb', '../..', '"'])(
    'to a branch named %j keeps its name',
    (name) => {
      expect(read({ ref: `refs/heads/${name}` })).toMatchObject({ ref: { kind: 'branch', name } });
    },
  );
});

describe('ignored, with the reason, is', () => {
  test.each<[string, object, string]>([
    ['an event of no installation', { installation: undefined }, 'the event is of no installation'],
    ['a note', { ref: 'refs/notes/commits' }, 'the ref is neither a branch nor a tag'],
    ['a ref without a name', { ref: 'refs/heads/' }, 'the ref is neither a branch nor a tag'],
    ['a tag of a tree', { ref: 'refs/tags/tree', head_commit: null }, 'the ref points at no commit'],
    ['a payload without its repository', { repository: null }, 'not what GitHub documents: repository'],
    ['an installation without id', { installation: {} }, 'not what GitHub documents: installation.id'],
    ['a commit id that is none', { after: 'main' }, 'not what GitHub documents: after'],
    [
      'a repository whose name would climb',
      { repository: { ...payload.repository, name: '..' } },
      'not what GitHub documents: repository.name',
    ],
    [
      'a clone address of a local file',
      { repository: { ...payload.repository, clone_url: 'file:///etc' } },
      'not what GitHub documents: repository.clone_url',
    ],
  ])('%s', (_, changes, reason) => {
    expect(read(changes)).toEqual({
      kind: 'ignored',
      deliveryId: 'guid-1',
      reason: expect.stringContaining(reason),
    });
  });

  test('every other event', () => {
    const names = examples.map(({ name }) => name).filter((name) => name !== 'push');

    const kinds = names.map((name) => read({}, name).kind);

    expect(names.length).toBeGreaterThan(40);
    expect(new Set(kinds)).toEqual(new Set(['ignored']));
  });
});

test('GitHub’s own examples of pushes are read, once they are of an installation', () => {
  const pushes = examples.find(({ name }) => name === 'push')!.examples;

  const kinds = pushes.map((example) =>
    readEvent({ id: 'x', name: 'push', payload: { ...example, installation: { id: 1 } } }, APP_ID),
  );

  expect(pushes.length).toBeGreaterThan(0);
  for (const event of kinds)
    expect(event).not.toMatchObject({ reason: expect.stringContaining('documents') });
});

test('any payload at all is read or ignored, without an exception', () => {
  const values = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(payload)));
  const payloads = fc.dictionary(fc.constantFrom(...Object.keys(payload), '__proto__'), values);

  fc.assert(
    fc.property(payloads, (changes) => {
      expect(['push', 'ignored']).toContain(read(changes).kind);
    }),
  );
});
