import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { code, fenced, fold, link, plain, table } from '../../../src/core/report/markdown.ts';

const HOSTILE = [
  '@octocat',
  'team @acme/admins',
  '#1 and acme/api#2',
  '[click](https://evil.test)',
  '![](https://evil.test/pixel)',
  'https://evil.test',
  'www.evil.test',
  'WWW.evil.test',
  '<img src=x onerror=alert(1)>',
  '</details>',
  '<!-- -->',
  '&lt;b&gt; &#60;',
  'a | b',
  'a\\| b',
  '`code`',
  '```\nfence',
  '# heading',
  '- item',
  '+ item',
  '1. item',
  '1) item',
  '> quote',
  '---',
  '===',
  '***bold*** __bold__ ~~gone~~',
  '$x$ and $$y$$',
  ':tada:',
  '[^1]: note',
  'two\n\nparagraphs\r\nand\u2028lines',
  '\u001B[31mred\u0007',
  '\u202Egnp.exe',
  '\\',
  '',
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE, ...'`|\\<>@#$:~*_[]()!&\n '), fc.string()), { maxLength: 6 })
  .map((parts) => parts.join(''));

/** What a Markdown reader makes of escaped text: every backslash escape and every entity becomes its character. */
function decoded(text: string): string {
  return text.replace(
    /\\([!-/:-@[-`{-~])|&#(\d+);/g,
    (_, escaped, number) => escaped ?? String.fromCharCode(Number(number)),
  );
}

/** What is left for Markdown to act on: the text with a letter for each escape and entity. */
function active(text: string): string {
  return text.replace(/\\[!-/:-@[-`{-~]|&#\d+;/g, 'x');
}

function readable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '');
}

describe('text from outside in a paragraph', () => {
  test.each([
    ['@octocat', '&#64;octocat'],
    ['[a](b)', '\\[a\\]\\(b\\)'],
    ['<b>', '&#60;b&#62;'],
    ['a|b', 'a\\|b'],
    ['1. one', '1&#46; one'],
    ['12 apples.', '12 apples.'],
    ['- item', '&#45; item'],
    ['well-known', 'well-known'],
    ['www.a.b', 'www&#46;a.b'],
    ['$5 and $6', '&#36;5 and &#36;6'],
    ['one\ntwo', 'one two'],
    [':tada: http://a.test: so', '&#58;tada: http&#58;//a.test: so'],
    ['\u001B[31mred', '\\[31mred'],
  ])('%j is written %j', (text, markdown) => {
    expect(plain(text)).toBe(markdown);
  });

  test('is read as it was written, on one line, and nothing in it acts', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = plain(text);
        expect(decoded(markdown)).toBe(readable(text));
        expect(active(markdown)).not.toMatch(/[\\`*_{}[\]()!|~<>@#$&\n\r]|:(?=\S)|^[-+=]|^\d+\.|www\./i);
      }),
      { numRuns: 500 },
    );
  });
});

describe('text from outside as code in a table', () => {
  test.each([
    ['web.test', '`web.test`'],
    ['a`b', '`` a`b ``'],
    ['``', '``` `` ```'],
    ['a|b', '`a\\|b`'],
    [' padded ', '`padded`'],
    ['', '`  `'],
  ])('%j is written %j', (text, markdown) => {
    expect(code(text)).toBe(markdown);
  });

  test('never ends early, neither the code nor the cell nor the line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [, ticks = '', inside = ''] = /^(`+)([\s\S]*?)\1$/.exec(code(text)) ?? [];
        expect(ticks).not.toBe('');
        expect([...inside.matchAll(/`+/g)].map(([run]) => run.length)).not.toContain(ticks.length);
        expect(inside).not.toMatch(/(?<!\\)\||[\n\r]/);
        expect(inside.replaceAll('\\|', '|').trim()).toBe(readable(text).trim());
      }),
      { numRuns: 500 },
    );
  });
});

describe('text from outside in a fence', () => {
  test('has a fence that is longer than any inside', () => {
    expect(fenced('a\n```\nb\n')).toBe('````text\na\n```\nb\n````');
    expect(fenced('plain')).toBe('```text\nplain\n```');
  });

  test('no line of it ends the fence', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = fenced(text).split('\n');
        const fence = lines[0]!.replace('text', '');
        const inside = lines.slice(1, -1).join('\n');
        expect(lines.at(-1)).toBe(fence);
        expect(inside).toBe(text.replace(/\n$/, ''));
        expect(inside.split(/[\n\r]/).some((line) => new RegExp(`^ {0,3}${fence}`).test(line))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

test('a table and a fold are made of parts that are safe already', () => {
  expect(table(['A', 'B'], [['1', '2']])).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |');
  expect(fold('More', 'text')).toBe('<details><summary>More</summary>\n\ntext\n\n</details>');
});

test.each([
  ['https://api.example.com', '[production](https://api.example.com/)'],
  ['https://api.example.com/a?b=c&d=e#f', '[production](https://api.example.com/a?b=c&d=e#f)'],
  ['https://api.example.com/(a)|b\\c', '[production](https://api.example.com/%28a%29%7Cb/c)'],
  [
    'https://api.example.com/)[x](javascript:alert(1)',
    '[production](https://api.example.com/%29[x]%28javascript:alert%281%29)',
  ],
])('a link to %s stays one', (url, expected) => {
  expect(link('production', url)).toBe(expected);
});
