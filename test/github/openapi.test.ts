import { readFileSync } from 'node:fs';
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

describe('the extract', () => {
  const text = readFileSync(new URL('./openapi.json', import.meta.url), 'utf8');
  const { operations, webhooks, schemas } = JSON.parse(text) as Record<string, Record<string, unknown>>;

  test('has every schema that it refers to, and no other', () => {
    const named = new Set([...text.matchAll(/"#\/schemas\/([^"]+)"/g)].map(([, name]) => name));

    expect([...named].toSorted()).toEqual(Object.keys(schemas ?? {}));
  });

  test('is JSON Schema without prose or the extensions of OpenAPI', () => {
    const keywords = new Set<string>();
    const collect = (schema: unknown): void => {
      if (Array.isArray(schema)) schema.forEach(collect);
      if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
      for (const [key, value] of Object.entries(schema)) {
        keywords.add(key);
        // Names of properties are not keywords, and an enum holds values.
        if (key === 'properties') Object.values(value as object).forEach(collect);
        else if (key !== 'enum') collect(value);
      }
    };
    Object.values(schemas ?? {}).forEach(collect);

    const forbidden = ['nullable', 'description', 'example', 'examples', 'title', 'default', 'discriminator'];
    expect(forbidden.filter((keyword) => keywords.has(keyword))).toEqual([]);
    expect([...keywords].filter((keyword) => keyword.startsWith('x-'))).toEqual([]);
  });

  test('is sorted, so that the same description gives the same bytes', () => {
    for (const part of [operations, webhooks, schemas]) {
      const names = Object.keys(part ?? {});
      expect(names).toEqual(names.toSorted());
    }
  });
});
