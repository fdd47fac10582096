import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../../src/core/settings/default-settings.ts';
import { parseSettings } from '../../../src/core/settings/parse-settings.ts';
import { settingsShape } from '../../../src/core/settings/schema/settings-schema.ts';
import { settingsFor } from '../../../src/core/settings/settings-for.ts';
import { expectedOf, plain } from '../config/cases.ts';
import { casesOf, type SettingsCase } from './cases.ts';

const CASES = casesOf('settings');

describe('valid settings', () => {
  test.each(CASES)('$name means what is expected', (given) => {
    const actual = meaningOf(given);

    expect(plain(actual)).toEqual(expectedOf(given, actual));
  });

  test.each(Object.keys(settingsShape))('The key %s has a case of its own', (key) => {
    expect(CASES.map(({ name }) => name.split('-')[0])).toContain(key);
  });

  test('A file that says nothing has the documented defaults', () => {
    expect(parseSettings('')).toEqual({ ok: true, settings: DEFAULT_SETTINGS });
    expect(parseSettings('{}')).toEqual({ ok: true, settings: DEFAULT_SETTINGS });
    expect(DEFAULT_SETTINGS).toMatchObject({
      namespace: 'ci',
      layout: 'pod',
      startTimeout: 600,
      timeout: 7200,
      resources: { cpu: '500m', memory: '1Gi' },
      pullPolicy: 'IfNotPresent',
      limits: { perRepository: 4, total: 20 },
      keep: { perProject: 20, for: 30 * 24 * 3600 },
    });
  });
});

/** What differs from the defaults. */
function meaningOf({ text, repository }: SettingsCase): unknown {
  const parsed = parseSettings(text);
  if (!parsed.ok) return { problems: parsed.problems };
  if (repository === undefined) return changed(parsed.settings, DEFAULT_SETTINGS);
  return changed(settingsFor(parsed.settings, repository), settingsFor(DEFAULT_SETTINGS, repository));
}

function changed(settings: object, defaults: object): object {
  const before = new Map(Object.entries(defaults));
  return Object.fromEntries(
    Object.entries(settings).filter(([key, value]) => !isDeepStrictEqual(value, before.get(key))),
  );
}
