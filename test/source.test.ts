import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const FILES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join('src', name), 'utf8') }));

test('no file of src is longer than 250 lines', () => {
  expect(FILES.length).toBeGreaterThan(100);
  expect(FILES.filter(({ text }) => text.split('\n').length > 251).map(({ name }) => name)).toEqual([]);
});

test('nothing escapes from the type checker or the linter', () => {
  const escapes = FILES.filter(({ text }) => /: any\b|\bas any\b|@ts-|biome-ignore/.test(text));
  expect(escapes.map(({ name }) => name)).toEqual([]);
});
