import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../../../src/core/report/failures/finding.ts';
import { PARSERS } from '../../../../src/core/report/failures/parsers.ts';
import { casesOf, find, logOf } from './failure-logs.ts';

/** The tools of JavaScript and Python. */
const TOOLS = [
  'jest',
  'vitest',
  'mocha',
  'node-test',
  'node',
  'tsc',
  'eslint',
  'npm',
  'pytest',
  'unittest',
  'ruff',
  'mypy',
  'pip',
  'python',
];
const cases = casesOf(TOOLS);

function lower(findings: readonly Finding[], lines: number): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, line: finding.line + lines }));
}

describe.each(cases)('%s is understood', (name) => {
  const log = logOf(name);
  const expected = find(log);
  const [group = '', ...rest] = log.split('\n');

  test('with the line ends of Windows', () => {
    expect(find(log.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  test('without a newline at the end', () => {
    expect(find(log.trimEnd())).toEqual(expected);
  });

  test('with colours', () => {
    const colored = rest.map((line) => `\u001B[1;31m${line}\u001B[39m\u001B[K`);

    expect(find([group, ...colored].join('\n'))).toEqual(expected);
  });

  test('with progress that each line overwrites', () => {
    const overwritten = rest.map((line) => (line === '' ? '' : `10 %\r 50 %\r\u001B[2K${line}`));

    expect(find([group, ...overwritten].join('\n'))).toEqual(expected);
  });

  test('below a line of 200 kB and bytes that are no UTF-8', () => {
    const broken = new TextDecoder().decode(Uint8Array.of(0xff, 0xfe, 0x41, 0xc3));
    const long = 'at ❯ error: '.repeat(17_000);

    expect(find([group, long, broken, '', ...rest].join('\n'))).toEqual(lower(expected, 3));
  });

  test('after the same command went well', () => {
    const before = `${log.slice(0, log.lastIndexOf('\ntekton-ci: '))}\n::endgroup::\n`;

    expect(find(before, log)).toEqual(lower(expected, before.split('\n').length - 1));
  });
});

test.each(casesOf(['npm']))('%s reads the same as of npm before version 10', (name) => {
  const log = logOf(name);

  expect(find(log.replaceAll(/^npm error/gm, 'npm ERR!'))).toEqual(find(log));
});

test('a log may be cut anywhere', () => {
  fc.assert(
    fc.property(fc.constantFrom(...cases), fc.array(fc.nat(4000), { maxLength: 6 }), (name, cuts) => {
      const log = logOf(name);
      const ends = [...cuts.toSorted((one, other) => one - other), log.length];
      const pieces = ends.map((end, at) => log.slice(at === 0 ? 0 : ends[at - 1], end));

      expect(find(...pieces)).toEqual(find(log));
    }),
  );
});

test('whatever lines a log has, findings are few, in its order, and of one line each', () => {
  const lines = cases.flatMap((name) => logOf(name).split('\n')).filter((line) => !line.startsWith('::'));
  const line = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...lines) }, fc.string({ unit: 'binary' }));

  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (log) => {
      for (const parser of PARSERS) {
        const reading = parser.start('');
        for (const [at, text] of log.entries()) reading.line(text.replaceAll(/\p{Cc}/gu, ''), at + 1);
        const findings = reading.end();

        expect(findings.length).toBeLessThanOrEqual(Math.max(1, 2 * log.length));
        for (const { name, line: at, message } of findings) {
          expect(name).not.toContain('\n');
          expect(name.trim()).not.toBe('');
          expect(at).toBeGreaterThanOrEqual(1);
          expect(at).toBeLessThanOrEqual(log.length);
          expect(message.split('\n').length).toBeLessThanOrEqual(60);
        }
      }
    }),
  );
});
