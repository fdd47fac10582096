import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, readDuration } from '../../../src/core/config/values/duration.ts';
import {
  lastPartOfImage,
  readImageName,
  readImageReference,
} from '../../../src/core/config/values/image-reference.ts';
import { readPath } from '../../../src/core/config/values/path.ts';
import { compareVersions, readVersion } from '../../../src/core/config/values/version.ts';

describe('durations', () => {
  test.each([
    ['90s', 90],
    ['10m', 600],
    ['1h30m', 5400],
    ['1h5s', 3605],
    ['168h', 604_800],
  ])('%s is %i seconds', (text, seconds) => {
    expect(readDuration(text)).toEqual({ ok: true, value: seconds });
  });

  test.each([
    '',
    '0s',
    '0h0m',
    '1d',
    '-1m',
    '1.5h',
    '10',
    '1m1h',
    '1h ',
    'PT1H',
    '169h',
    '99999999999999999999h',
  ])('%j is refused', (text) => {
    expect(readDuration(text).ok).toBe(false);
  });

  test('Every number of seconds up to seven days is read back from its text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 * 24 * 3600 }), (seconds) => {
        expect(readDuration(formatDuration(seconds))).toEqual({ ok: true, value: seconds });
      }),
    );
  });
});

describe('paths', () => {
  test.each([
    ['.', '.'],
    ['./', '.'],
    ['a/', 'a'],
    ['./a//b/./c', 'a/b/c'],
    ['a/../b', 'b'],
    ['a b/ü', 'a b/ü'],
  ])('%j is %j', (text, path) => {
    expect(readPath(text)).toEqual({ ok: true, value: path });
  });

  test('Whatever is accepted stays inside and is normal', () => {
    const segment = fc.constantFrom('a', '..', '.', '', '~', '$(x)', ' ', 'b\n', '...', '\\');
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
        const read = readPath(segments.join('/'));
        if (!read.ok) return;

        expect(read.value).not.toMatch(/^\/|(^|\/)\.\.(\/|$)|\$|\\|\n|\/$/);
        expect(readPath(read.value)).toEqual(read);
      }),
    );
  });
});

describe('images', () => {
  test.each([
    'alpine',
    'alpine:3',
    'golang:1.26-bookworm',
    'localhost:5000/a/b',
    'registry.example.com:5000/a__b/c-d---e.f',
    '[::1]:5000/a',
    `a@sha256:${'0'.repeat(64)}`,
    `Registry.Example.com/a:T_1.2-x@sha256:${'a'.repeat(64)}`,
  ])('%s is a reference', (text) => {
    expect(readImageReference(text)).toEqual({ ok: true, value: text });
  });

  test.each([
    '',
    ' alpine',
    'Alpine',
    'a:',
    'a//b',
    '/a',
    'a/',
    'a:b:c',
    'a@sha256:12',
    'a_-b',
    '$(params.x)',
    'a:$(x)',
    'http://a/b',
    'a\n',
    `${'a'.repeat(256)}`,
  ])('%j is no reference', (text) => {
    expect(readImageReference(text).ok).toBe(false);
  });

  test('A name has neither tag nor digest, a registry may have a port', () => {
    expect(readImageName('localhost:5000/a/b').ok).toBe(true);
    expect(readImageName('a/b:1').ok).toBe(false);
    expect(readImageName(`a/b@sha256:${'0'.repeat(64)}`).ok).toBe(false);
  });

  test.each([
    ['postgres', 'postgres'],
    ['localhost:5000/library/postgres:16@sha256:00', 'postgres'],
    ['postgres@sha256:00', 'postgres'],
  ])('The last part of %s is %s', (text, name) => {
    expect(lastPartOfImage(text)).toBe(name);
  });
});

describe('versions', () => {
  test.each([
    ['1.20', '1.20'],
    ['v20.11.1', '20.11.1'],
    ['go1.26', '1.26'],
    ['1.27rc1', '1.27rc1'],
    ['24-bookworm-slim', '24-bookworm-slim'],
    ['3.14t', '3.14t'],
    ['>=1.24 <1.26', '>=1.24 <1.26'],
    ['20.x', '20.x'],
    ['LTS', 'lts'],
    ['lts/Jod', 'lts/jod'],
  ])('%s is read as %s', (text, version) => {
    expect(readVersion(text)).toEqual({ ok: true, value: version });
  });

  test.each([
    '',
    'three',
    '1.2.3.4.5',
    '1..2',
    '1.2:3',
    '$(x)',
    '>=',
    '1 2 3;',
    '-1',
    '0x14',
    '1.2\n3',
    'nightly',
  ])('%j is refused', (text) => {
    expect(readVersion(text).ok).toBe(false);
  });

  test('Versions are ordered by their numbers', () => {
    expect(['1.9', '1.10', '1.10.1', '1', '2-alpine'].toSorted(compareVersions)).toEqual([
      '1',
      '1.9',
      '1.10',
      '1.10.1',
      '2-alpine',
    ]);
  });
});
