import { describe, expect, test } from '@jest/globals';
import { loadDescription } from './openapi.ts';

const description = loadDescription();

describe('a path', () => {
  test.each([
    ['GET', '/repos/a/b', 'repos/get', {}],
    ['GET', '/repos/a/b/commits/main/check-runs', 'checks/list-for-ref', { ref: 'main' }],
    ['GET', '/repos/a/b/commits/feature%2Fx/check-runs', 'checks/list-for-ref', { ref: 'feature/x' }],
    ['GET', '/repos/a/b/commits/feature/x/check-runs', 'checks/list-for-ref', { ref: 'feature/x' }],
    ['GET', '/repos/a/b/commits/feature/x', 'repos/get-commit', { ref: 'feature/x' }],
    ['GET', '/repos/a/b/contents/', 'repos/get-content', { path: '' }],
    ['GET', '/repos/a/b/contents/dir/file%20name', 'repos/get-content', { path: 'dir/file name' }],
    [
      'GET',
      '/repos/a/b/compare/main...x%2Fy',
      'repos/compare-commits-with-basehead',
      { basehead: 'main...x/y' },
    ],
    ['GET', '/repos/a/b/branches/50%', 'repos/get-branch', { branch: '50%' }],
  ])('%s %s is %s', (method, path, operation, parameters) => {
    expect(description.match(method, path)).toMatchObject({ operation, path: parameters });
  });

  test.each([
    ['DELETE', '/repos/a/b'],
    ['GET', '/repos/a'],
    ['POST', '/nonsense'],
  ])('%s %s is nothing', (method, path) => {
    expect(description.match(method, path)).toBeNull();
  });
});

describe('an answer that is not GitHub’s', () => {
  test('is told by every one of its problems', () => {
    expect(description.answer('repos/list-tags', 200, [{ name: 1 }])).toEqual(
      expect.arrayContaining(['0.name must be string', "0 must have required property 'commit'"]),
    );
  });

  test('is told by a success that is not described', () => {
    expect(description.answer('checks/create', 200, {})).toEqual(['an answer of 200 is not described']);
    expect(description.answer('checks/create', 418, {})).toEqual([]);
  });

  test('is told of webhooks too', () => {
    expect(description.webhook('push', { ref: 1 })).toContain('ref must be string');
    expect(description.webhook('nonsense', {})).toEqual(['nonsense is not described']);
  });
});
