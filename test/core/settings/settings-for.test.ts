import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_SETTINGS } from '../../../src/core/settings/default-settings.ts';
import type { OperatorSettings, RepositoryRule } from '../../../src/core/settings/settings.ts';
import { settingsFor } from '../../../src/core/settings/settings-for.ts';

describe('settingsFor', () => {
  test.each([
    ['*', 'acme/api', true],
    ['*', 'acme/.github', true],
    ['*/*', 'acme/api', true],
    ['acme/*', 'acme/api', true],
    ['acme/*', 'acme/.github', true],
    ['acme/*', 'acme-labs/api', false],
    ['acme/*', 'other/acme', false],
    ['acme*/*', 'acme-labs/api', true],
    ['acme/api', 'acme/api', true],
    ['acme/api', 'acme/api2', false],
    ['acme/api', 'acme/apis', false],
    ['ACME/Api', 'acme/aPI', true],
    ['acme/api-*', 'acme/api-', true],
    ['acme/api-*', 'acme/api', false],
    ['acme/api?', 'acme/api2', true],
    ['acme/api?', 'acme/api', false],
    ['*/api', 'anyone/api', true],
    ['*/api', 'anyone/web', false],
    ['acme/a.b', 'acme/axb', false],
    ['acme/**', 'acme/api', true],
  ])('%s and %s: %s', (pattern, repository, matches) => {
    const { namespace } = settingsFor(withPatterns([pattern]), repository);

    expect(namespace === pattern).toBe(matches);
  });

  test.each([
    ['a repository wins over a pattern of names', ['acme/api', 'acme/ap?', 'acme/*'], 'acme/api'],
    ['a pattern of names wins over one of owners', ['acme/*', '*/api', '*', '*/*', 'acm?/api'], 'acme/*'],
    ['a longer pattern wins over a shorter one', ['acme/ap*', 'acme/*'], 'acme/ap*'],
    ['a longer pattern of owners too', ['*/api', '*/*', '*'], '*/api'],
    ['the later of equals wins', ['acme/?pi', 'acme/a?i', 'acme/ap?'], 'acme/ap?'],
    ['the later of equal repositories wins', ['acme/API', 'Acme/api'], 'Acme/api'],
  ])('%s', (_name, patterns, winner) => {
    expect(settingsFor(withPatterns(patterns), 'acme/api').namespace).toBe(winner);
  });

  test('The order of the file matters between equals only', () => {
    const patterns = ['*', '*/api', 'acme/*', 'acme/ap*', 'acme/api'];
    fc.assert(
      fc.property(fc.shuffledSubarray(patterns, { minLength: 1 }), (some) => {
        const winner = patterns.findLast((pattern) => some.includes(pattern));

        expect(settingsFor(withPatterns(some), 'acme/api').namespace).toBe(winner);
      }),
    );
  });

  test('The settings that it is given stay as they are', () => {
    const settings = withPatterns(['acme/*']);
    const before = structuredClone(settings);

    settingsFor(settings, 'acme/api');

    expect(settings).toEqual(before);
  });

  test('It answers what is about one repository only', () => {
    const settings = settingsFor(DEFAULT_SETTINGS, 'acme/api');

    expect(settings).not.toHaveProperty('repositories');
    expect(settings).not.toHaveProperty('bots');
    expect(settings).not.toHaveProperty('keep');
    expect(settings.limits).toEqual({ perRepository: 4 });
    expect(settings.secrets).toEqual({});
  });
});

/** Settings whose entries each name themselves as the namespace. */
function withPatterns(patterns: readonly string[]): OperatorSettings {
  const repositories = patterns.map(
    (pattern): RepositoryRule => ({ pattern, overrides: { namespace: pattern } }),
  );
  return { ...DEFAULT_SETTINGS, repositories };
}
