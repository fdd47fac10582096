import { describe, expect, test } from '@jest/globals';
import { readBuilderFlag } from '../../../src/core/config/values/builder-flags.ts';
import { readAge } from '../../../src/core/settings/values/age.ts';
import { OPERATOR_FLAGS, readKanikoFlag } from '../../../src/core/settings/values/kaniko-flags.ts';
import {
  readLabelKey,
  readLabelValue,
  readObjectName,
  readSecretKey,
} from '../../../src/core/settings/values/kubernetes-names.ts';
import { readGitAddress, readNoProxy, readProxy } from '../../../src/core/settings/values/network.ts';
import { readRefspec } from '../../../src/core/settings/values/refspec.ts';
import { readToolchainImage } from '../../../src/core/settings/values/toolchain-image.ts';

const DAY = 24 * 3600;
const LONG = 'a'.repeat(64);

describe('values of settings', () => {
  test.each([
    ['7d', 7 * DAY],
    ['30d', 30 * DAY],
    ['7d1s', 7 * DAY + 1],
    ['10d12h30m', 10 * DAY + 12 * 3600 + 30 * 60],
  ])('The age %s is %d seconds', (text, seconds) => {
    expect(readAge(text)).toEqual({ ok: true, value: seconds });
  });

  test.each(['6d23h', '0d', '30', '168h', '30D', '1w', '30d5', '30d-1h', '-30d', '999999d', '', ' 30d'])(
    'The age "%s" is refused',
    (text) => {
      expect(readAge(text).ok).toBe(false);
    },
  );

  test.each([
    [
      readObjectName,
      ['a', 'a-b.c', '0', `${'a'.repeat(63)}.b`],
      ['', '-a', 'a-', 'A', 'a_b', 'a..b', '.a', 'a\n', LONG],
    ],
    [
      readSecretKey,
      ['token', '.npmrc', 'a.b-c_D'],
      ['', '.', '..', '..a', 'a/b', 'a b', 'a\n', 'a'.repeat(254)],
    ],
    [
      readLabelKey,
      ['a', 'A_b.c', 'a.b/c', 'x'.repeat(63)],
      ['', '/a', 'a/', 'a/b/c', 'A.b/c', '-a', LONG, 'a\n'],
    ],
    [readLabelValue, ['', 'true', 'a_b.C'], ['-a', 'a b', LONG, 'a\n']],
    [
      readRefspec,
      ['main', '+refs/heads/*:refs/remotes/origin/*', '^refs/x'],
      ['', '-x', 'a:-x', 'a:', 'a..b', 'a b', 'a\nb'],
    ],
    [readNoProxy, ['localhost', '*.a.b', '10.0.0.0/8'], ['', 'a,b', 'a b', 'a;b', '$x']],
  ])('%p takes what is right and nothing else', (read, right, wrong) => {
    expect(right.filter((text) => !read(text).ok)).toEqual([]);
    expect(wrong.filter((text) => read(text).ok)).toEqual([]);
  });

  test.each([
    ['http://proxy:3128', 'http://proxy:3128'],
    ['HTTP://Proxy:80/', undefined],
    ['https://[fd00::1]:3128/', 'https://[fd00::1]:3128'],
    ['http://a:b@proxy', undefined],
    ['http://proxy?x', undefined],
    ['http://proxy\n', undefined],
    ['http://', undefined],
  ])('The proxy %j is %j', (text, address) => {
    const read = readProxy(text);

    expect(read.ok ? read.value : undefined).toBe(address);
  });

  test.each([
    ['https://gitlab.example.com', 'https://gitlab.example.com'],
    ['https://gitlab.example.com/acme//', 'https://gitlab.example.com/acme'],
    ['https://GitLab.example.com', 'https://gitlab.example.com'],
    ['ssh://git@gitlab.example.com', undefined],
    ['https://gitlab.example.com/?a', undefined],
    ['https://gitlab.example.com/%24(a)', undefined],
  ])('The Git address %j is %j', (text, address) => {
    const read = readGitAddress(text);

    expect(read.ok ? read.value : undefined).toBe(address);
  });

  test.each(['golang:{version}', 'a.b:5000/c/{version}:1', 'x/y-{version}:{version}-slim', '{version}'])(
    'A version fits into %s',
    (text) => {
      expect(readToolchainImage(text)).toEqual({ ok: true, value: text });
    },
  );

  test.each([
    'golang',
    'golang:{Version}',
    '{version}/go:1',
    'a/{version}/go:1',
    '{version}:5000/go:1',
    'golang:{version}@sha256:0123456789abcdef0123456789abcdef',
    'golang:{{version}}',
    'golang:-{version}',
    'go lang:{version}',
    'golang:{version}\n',
  ])('No version fits into %j', (text) => {
    expect(readToolchainImage(text).ok).toBe(false);
  });

  test('A repository may not set what only the operator may', () => {
    expect(OPERATOR_FLAGS.filter((flag) => readBuilderFlag(flag).ok)).toEqual([]);
    expect(OPERATOR_FLAGS.filter((flag) => !readKanikoFlag(flag).ok)).toEqual([]);
  });
});
