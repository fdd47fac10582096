import fc from 'fast-check';
import { casesOf } from './cases.ts';

const VALID = casesOf('config').map(({ text }) => text);

/** A valid case, mutated. */
export function mutatedConfig(): fc.Arbitrary<string> {
  return mutatedText(VALID);
}

/** One of the texts with a few pieces removed, doubled, moved or replaced by something that YAML or the schema trips over. */
export function mutatedText(texts: readonly string[]): fc.Arbitrary<string> {
  const pieces = [
    '\t',
    '\n',
    ' ',
    ':',
    ': ',
    '- ',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '<<: ',
    '|',
    '>-',
    '#',
  ];
  const words = [
    'off',
    'on',
    'no',
    '~',
    'null',
    '!!str ',
    '---\n',
    '...',
    '%',
    '@',
    '\0',
    '\uFEFF',
    '\r',
    '😀',
    '$(x)',
  ];
  const keys = [
    'test',
    'projects',
    'go',
    'deploy',
    '__proto__',
    'constructor',
    'toString',
    '1e3',
    '-1',
    '../',
    '?',
  ];
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.integer({ min: 0, max: 12 }),
    insert: fc.oneof(fc.constantFrom(...pieces, ...words, ...keys), fc.string({ maxLength: 6 })),
  });
  return fc
    .record({ given: fc.constantFrom(...texts), edits: fc.array(edit, { minLength: 1, maxLength: 4 }) })
    .map(({ given, edits }) =>
      edits.reduce((text, { at, remove, insert }) => {
        const start = Math.floor(at * text.length);
        return text.slice(0, start) + insert + text.slice(start + remove);
      }, given),
    );
}
