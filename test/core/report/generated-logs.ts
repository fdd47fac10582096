import { expect } from '@jest/globals';
import fc from 'fast-check';
import { lexer, type Token, walkTokens } from 'marked';
import { createFailureReader } from '../../../src/core/report/failures/read-failure.ts';
import { plain } from '../../../src/core/report/markdown.ts';
import { runCheck } from '../../../src/core/report/run-check.ts';
import { anyText } from '../../any-text.ts';
import { FACTS, failed } from './examples.ts';

/** https://docs.github.com/en/rest/checks/runs */
const LIMIT = 65_535;

const HOSTILE = [
  '```',
  '~~~~',
  '````text',
  '</details>',
  '<details><summary>x',
  '<script>alert(1)</script>',
  '<!--',
  '| a | b |',
  '| --- | --- |',
  '@team @octocat #12',
  '[x](javascript:alert(1))',
  '![](https://example.com/x.png)',
  '# heading',
  '> quote',
  '- [ ] task',
  '\u001B[31mred\u001B[0m',
  '\u202Ereversed',
  '&lt;b&gt;',
  '$$x$$',
  '    indented',
  'https://example.com www.example.com',
];

const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 6, arbitrary: anyText({ maxLength: 60 }).map((text) => text.replaceAll('\n', '\r')) },
  { weight: 1, arbitrary: fc.nat({ max: 9000 }).map((length) => '日'.repeat(length)) },
  { weight: 1, arbitrary: fc.nat({ max: 9000 }).map((length) => '`'.repeat(length)) },
);

const lines = fc.oneof(
  { weight: 100, arbitrary: fc.array(line, { maxLength: 40 }) },
  // Two megabytes, now and then.
  {
    weight: 1,
    arbitrary: line.map((one) => {
      const long = `${one} and more of it, again and again`;
      return Array.from({ length: Math.ceil(2_000_000 / long.length) }, () => long);
    }),
  },
);

/** A log of a test that failed, among whatever else may be in a log. */
export interface GeneratedLog {
  readonly before: readonly string[];
  readonly name: string;
  readonly message: readonly string[];
  readonly after: readonly string[];
  readonly decisions: readonly string[];
}

export const generatedLog: fc.Arbitrary<GeneratedLog> = fc.record({
  before: lines,
  name: fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom(...'abcXYZ_/<>@`*|#0') }),
  message: fc.array(line, { maxLength: 60 }),
  after: lines,
  decisions: fc.array(anyText({ maxLength: 300 }), { maxLength: 300 }),
});

/** Fails unless the check of such a log is within GitHub's limits, is whole Markdown, and says the first cause. */
export function expectGoodCheck({ before, name, message, after, decisions }: GeneratedLog): void {
  const reader = createFailureReader();
  const told = ['::group::go test ./...', ...before.map((text) => `  ${text}`)];
  const failure = [`--- FAIL: Test${name} (0.00s)`, ...message.map((text) => `    a_test.go:1: ${text}`)];
  reader.push([...told, ...failure, 'FAIL', 'FAIL\texample.com/a\t0.1s', 'FAIL', ...after].join('\n'));

  const { title, summary } = runCheck({ ...FACTS, failure: reader.end(), decisions }, failed()).output;

  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(LIMIT);
  expect(Buffer.byteLength(title)).toBeLessThanOrEqual(255);
  expect(title).toContain(`Test${name}`.slice(0, 40));
  expect(summary.slice(0, 2000)).toContain(plain(`Test${name}`));
  expectWhole(lexer(summary));
}

/** Every fence is closed; all HTML is folds of our own, each of which ends; and nothing else of the log became markup. */
function expectWhole(tokens: Token[]): void {
  let open = 0;
  void walkTokens(tokens, (token) => {
    if (token.type === 'code') {
      const [, fence = ''] = /^(`{3,})text\n/.exec(token.raw) ?? [];
      expect([fence === '', token.raw.trimEnd().endsWith(`\n${fence}`)]).toEqual([false, true]);
    }
    if (token.type === 'link') expect(token.href).toBe(FACTS.detailsUrl);
    expect(token.type).not.toMatch(/^(image|heading|blockquote)$/);
    if (token.type !== 'html') return;
    for (const tag of token.raw.match(/<[^>]*>/g) ?? []) {
      expect(['<details>', '<summary>', '</summary>', '</details>']).toContain(tag);
      open += { '<details>': 1, '</details>': -1 }[tag] ?? 0;
    }
  });
  expect(open).toBe(0);
}
