import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import { configSchema } from '../../../src/core/config/schema/config-schema.ts';
import { casesOf } from './cases.ts';
import { mutatedConfig } from './mutated-config.ts';

const CHECKED_IN = new URL('../../../schema/tekton-ci.schema.json', import.meta.url);

/** Bad configs whose fault is their structure, so that an editor can show it. */
const STRUCTURAL = [
  'bad-duration',
  'bad-name',
  'bad-quantity',
  'bad-variable',
  'boolean-word',
  'empty-value',
  'foreign-key',
  'misplaced-key',
  'missing-key',
  'too-many',
  'too-many-commands',
  'too-many-projects',
  'unknown-key',
  'wrong-type',
  'wrong-type-project',
  'wrong-type-root-list',
  'wrong-type-root-text',
];

describe('the published JSON schema', () => {
  // Unions of types are what editors see of scalars that the parser takes as text.
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(configSchema());

  test('The checked-in file is what the parser says: `npm run generate` makes it', () => {
    expect(JSON.parse(readFileSync(CHECKED_IN, 'utf8'))).toEqual(JSON.parse(JSON.stringify(configSchema())));
  });

  test.each(casesOf('config'))('It accepts the valid config $name', ({ text }) => {
    const accepted = validate(asEditorsRead(text));

    expect(accepted ? [] : validate.errors).toEqual([]);
  });

  test.each(casesOf('bad-config').filter(({ name }) => STRUCTURAL.includes(name)))(
    'It refuses the bad config $name',
    ({ text }) => {
      expect(validate(asEditorsRead(text))).toBe(false);
    },
  );

  test('Whatever the parser accepts, it accepts', () => {
    fc.assert(
      fc.property(mutatedConfig(), (text) => {
        fc.pre(parseConfig(text).ok);

        expect(validate(asEditorsRead(text)) ? [] : validate.errors).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('Every key of every map has a description', () => {
    const undescribed = keysWithoutDescription(configSchema(), '');

    expect(undescribed).toEqual([]);
  });
});

/** YAML 1.2 with merge keys; an empty file is an empty map. */
function asEditorsRead(text: string): unknown {
  return parse(text.replace(/^\uFEFF/, ''), { merge: true }) ?? {};
}

function keysWithoutDescription(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const found: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') {
      for (const [name, inner] of Object.entries(value as Record<string, object>)) {
        const isDescribed = 'description' in inner || '$ref' in inner;
        if (!isDescribed) found.push(`${path}/${name}`);
      }
    }
    found.push(...keysWithoutDescription(value, `${path}/${key}`));
  }
  return found;
}
