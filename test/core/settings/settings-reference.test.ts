import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../../src/core/config/format-problem.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings/default-settings.ts';
import { parseSettings } from '../../../src/core/settings/parse-settings.ts';
import { settingsJsonSchema } from '../../../src/core/settings/schema/settings-json-schema.ts';
import { settingsFor } from '../../../src/core/settings/settings-for.ts';
import { OPERATOR_FLAGS } from '../../../src/core/settings/values/kaniko-flags.ts';
import { casesOf } from './cases.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/settings.md', import.meta.url), 'utf8');

/** Codes of what is wrong with the text itself, which docs/reference/config.md explains. */
const OF_THE_TEXT = ['duplicate-key', 'several-documents', 'unclosed-quote'];

interface Example {
  readonly text: string;
  /** What the page says comes out; undefined for an example that is right. */
  readonly problems?: string;
}

describe('docs/reference/settings.md', () => {
  test.each(examples().map((example) => [example.text, example] as const))(
    'This example is as it says:\n%s',
    (_text, { text, problems }) => {
      const parsed = parseSettings(text);
      const said = parsed.ok
        ? undefined
        : parsed.problems.map((problem) => formatProblem(problem, 'settings.yml')).join('\n');

      expect(said).toBe(problems);
    },
  );

  test('It has examples of both kinds', () => {
    expect(examples().length).toBeGreaterThan(15);
    expect(examples().filter(({ problems }) => problems !== undefined)).toHaveLength(1);
  });

  test('It names every key and flag', () => {
    const names = [...keysOf(settingsJsonSchema()), ...OPERATOR_FLAGS];

    expect(names.filter((name) => !PAGE.includes(`\`${name}\``) && !PAGE.includes(`\`${name}:`))).toEqual([]);
  });

  test('Every key of the top level has an example', () => {
    const shown = examples().flatMap(({ text }) => text.match(/^[a-zA-Z]+(?=:)/gm) ?? []);
    const keys = Object.keys(settingsJsonSchema().properties as object);

    expect(keys.filter((key) => !shown.includes(key))).toEqual([]);
  });

  test.each(Object.entries(DEFAULT_SETTINGS.images))('It says the default image of %s', (name, image) => {
    expect(PAGE).toMatch(
      new RegExp(`^\\| \`${name}\` \\| .* \\| \`${image.replace(/[{}.]/g, '\\$&')}\` \\|$`, 'm'),
    );
  });

  test('It explains the codes that happen, and no others', () => {
    const [, errors = ''] = PAGE.split('## Errors');
    const explained = [...errors.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code!);
    const shown = casesOf('bad-settings').flatMap(({ text }) => {
      const parsed = parseSettings(text);
      return parsed.ok ? [] : parsed.problems.map(({ code }) => code);
    });

    const happening = [...new Set(shown)].filter((code) => !OF_THE_TEXT.includes(code));
    expect(explained.toSorted()).toEqual(happening.toSorted());
  });

  test('The entries of its example of layers mean what it says', () => {
    const layers = examples().find(({ text }) => text.includes('"*": { serviceAccount: ci }'))!;
    const parsed = parseSettings(layers.text);

    expect(parsed.ok && settingsFor(parsed.settings, 'acme/api')).toMatchObject({
      timeout: 3 * 3600,
      namespace: 'acme',
      serviceAccount: 'ci',
      dockerconfig: 'acme-registry',
    });
  });
});

/** The page's YAML blocks; one marked `wrong` is followed by the problems that it has. */
function examples(): Example[] {
  const blocks = PAGE.matchAll(/^```yaml( wrong)?\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)\n```$)?/gm);
  return [...blocks].map(([, wrong, text = '', problems]) => ({
    text,
    ...(wrong && { problems: problems ?? '' }),
  }));
}

/** The names of all keys of the schema, at every level. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}
