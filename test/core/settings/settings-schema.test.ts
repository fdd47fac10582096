import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseSettings } from '../../../src/core/settings/parse-settings.ts';
import { settingsJsonSchema } from '../../../src/core/settings/schema/settings-json-schema.ts';
import { mutatedText } from '../config/mutated-config.ts';
import { casesOf } from './cases.ts';

const CHECKED_IN = new URL('../../../schema/tekton-ci-settings.schema.json', import.meta.url);

/** Bad settings whose fault an editor can show. */
const STRUCTURAL = [
  'bad-duration',
  'bad-image',
  'bad-name',
  'bad-quantity',
  'bad-value',
  'bad-variable',
  'boolean-word',
  'empty-value',
  'foreign-key',
  'misplaced-key',
  'missing-key',
  'too-many',
  'unknown-key',
  'wrong-type',
  'wrong-type-in-repositories',
  'wrong-type-root',
  'wrong-type-root-text',
];

describe('the published JSON schema of the settings', () => {
  // Unions of types are what editors see of scalars that the parser takes as text.
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(settingsJsonSchema());

  test('The checked-in file is what the parser says: `npm run generate` makes it', () => {
    const made = JSON.parse(JSON.stringify(settingsJsonSchema()));

    expect(JSON.parse(readFileSync(CHECKED_IN, 'utf8'))).toEqual(made);
  });

  test.each(casesOf('settings'))('It accepts the valid settings $name', ({ text }) => {
    const accepted = validate(asEditorsRead(text));

    expect(accepted ? [] : validate.errors).toEqual([]);
  });

  test.each(casesOf('bad-settings').filter(({ name }) => STRUCTURAL.includes(name)))(
    'It refuses the bad settings $name',
    ({ text }) => {
      expect(validate(asEditorsRead(text))).toBe(false);
    },
  );

  test('Whatever the parser accepts, it accepts', () => {
    const valid = casesOf('settings').map(({ text }) => text);
    fc.assert(
      fc.property(mutatedText(valid), (text) => {
        fc.pre(parseSettings(text).ok);

        expect(validate(asEditorsRead(text)) ? [] : validate.errors).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('Every key of every map has a description', () => {
    expect(keysWithoutDescription(settingsJsonSchema(), '')).toEqual([]);
  });
});

/** YAML 1.2 with merge keys; an empty file is an empty map. */
function asEditorsRead(text: string): unknown {
  return parse(text.replace(/^\uFEFF/, ''), { merge: true }) ?? {};
}

function keysWithoutDescription(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' ? undescribed(value, path) : []),
    ...keysWithoutDescription(value, `${path}/${key}`),
  ]);
}

function undescribed(properties: Readonly<Record<string, object>>, path: string): string[] {
  return Object.entries(properties)
    .filter(([, property]) => !('description' in property))
    .map(([name]) => `${path}/${name}`);
}
