import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatProblem } from '../../../src/core/config/format-problem.ts';
import { type ParsedConfig, parseConfig } from '../../../src/core/config/parse-config.ts';
import type { Problem } from '../../../src/core/config/problem.ts';
import { PROBLEM_CODES } from '../../../src/core/config/problem-codes.ts';
import { resolveProject } from '../../../src/core/config/resolve-project.ts';
import { mutatedConfig } from './mutated-config.ts';

describe('parseConfig', () => {
  test('A file above 64 KiB is refused, one of exactly that size is read', () => {
    const full = `# ${'x'.repeat(64 * 1024 - 3)}\n`;

    expect(parseConfig(full).ok).toBe(true);
    expect(problemsOf(parseConfig(`${full}#`))).toMatchObject([
      { code: 'file-too-large', line: 1, column: 1 },
    ]);
    expect(problemsOf(parseConfig(`# ${'é'.repeat(40_000)}`))).toMatchObject([{ code: 'file-too-large' }]);
  });

  test.each([
    ['nested lists', '['.repeat(60_000)],
    ['nested maps', '{a: '.repeat(15_000)],
    ['nested list items', '- '.repeat(30_000)],
    ['nested complex keys', '? '.repeat(30_000)],
    ['anchors', 'a: &x [*x, '.repeat(6000)],
    ['one long word', `test: ${'a'.repeat(60_000)}`],
    ['one long path', `test: off\nimage: { name: a, context: ${'a/'.repeat(30_000)} }`],
    ['one long image', `use: ${'a-'.repeat(30_000)}`],
    ['one long version', `go: ${'1.'.repeat(30_000)}`],
    ['one long range', `go: ">=1.24 ${'|| >=1.24 '.repeat(6000)}"`],
    ['one long unknown key', `${'a'.repeat(1000)}: 1`],
    ['many unknown keys', Array.from({ length: 6000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['many backslashes in an unclosed quote', `test: "${'\\'.repeat(60_001)}"`],
    ['many problems on many lines', 'test:\n  - [\n'.repeat(5000)],
    ['merge keys of merge keys', mergeChain(200)],
  ])('Hostile text is refused or read quickly: %s', (_name, text) => {
    // Of the processor: a machine may be busy with something else.
    const before = process.cpuUsage();

    const parsed = parseConfig(text);

    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
    expectInside(problemsOf(parsed), text);
  });

  test('Values of `env` and `set`, which may be secrets, never get into messages', () => {
    const parsed = parseConfig('env: { A: [hunter2], B: { x: hunter2 } }\ntest: { env: { C: [hunter2] } }\n');

    expect(JSON.stringify(parsed)).not.toContain('hunter2');
    expect(problemsOf(parsed)).toHaveLength(3);
  });

  test('2,000 mutated configs never throw, and each problem has its place inside the file', () => {
    fc.assert(
      fc.property(mutatedConfig(), (text) => {
        const parsed = parseConfig(text);

        expectInside(problemsOf(parsed), text);
        for (const project of parsed.ok ? parsed.config.projects : []) {
          const resolved = resolveProject(project, { entries: ['go.mod', 'package.json'], text: {} });
          expect(resolved.ok || resolved.problems.length > 0).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  }, 30_000);

  test('Problems are sorted by their place and never told twice', () => {
    fc.assert(
      fc.property(mutatedConfig(), (text) => {
        const places = problemsOf(parseConfig(text)).map(({ line, column, code, message }) => {
          return { order: line * 100_000 + column, name: `${line}:${column} ${code} ${message}` };
        });

        expect(places.map(({ order }) => order)).toEqual(
          places.map(({ order }) => order).toSorted((a, b) => a - b),
        );
        expect(new Set(places.map(({ name }) => name)).size).toBe(places.length);
      }),
      { numRuns: 300 },
    );
  }, 30_000);
});

function problemsOf(parsed: ParsedConfig): readonly Problem[] {
  return parsed.ok ? [] : parsed.problems;
}

function expectInside(problems: readonly Problem[], text: string): void {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const lengthOf = (line: number) => lines[line - 1]?.length ?? -1;
  const codes: readonly string[] = PROBLEM_CODES;
  const outside = problems.filter(({ line, column, endLine, endColumn, code, message }) => {
    const begins = column >= 1 && column <= lengthOf(line) + 1;
    const ends = endColumn <= lengthOf(endLine) + 1 && (endLine > line || endColumn >= column);
    return !begins || !ends || !codes.includes(code) || message === '';
  });

  expect(outside).toEqual([]);
  expect(problems.filter((problem) => formatProblem(problem, 'file').includes('\n'))).toEqual([]);
}

function mergeChain(length: number): string {
  const links = Array.from({ length }, (_, index) => {
    const merged =
      index === 0
        ? ''
        : `<<: [${Array(5)
            .fill(`*m${index - 1}`)
            .join(', ')}], `;
    return `  - &m${index} { ${merged}k${index}: 1 }`;
  });
  return `test:\n${links.join('\n')}\n`;
}
