import { describe, expect, test } from '@jest/globals';
import { casesOf, expectLinear, expectTakesAnyLines, find, logOf, parserOf } from './failure-logs.ts';

const TOOLS = [
  'cargo',
  'cargo-modules',
  'clang',
  'gcc',
  'go-build',
  'go-modules',
  'go-test',
  'go-vet',
  'golangci-lint',
  'shell',
];
const NAMES = ['cargo', 'gcc and clang', 'go', 'go modules', 'golangci-lint', 'shell'];

const cases = casesOf(TOOLS);

/** Each line of a log, but not the marks of its commands. */
function eachLine(log: string, change: (line: string) => string): string {
  return log
    .split('\n')
    .map((line) => (line === '' || line.startsWith('::') ? line : change(line)))
    .join('\n');
}

describe('whatever stands around the lines of a failure, it is found', () => {
  test.each(cases)('%s with Windows line ends', (name) => {
    const log = logOf(name);
    expect(find(log.replaceAll('\n', '\r\n'))).toEqual(find(log));
  });

  test.each(cases)('%s with colours', (name) => {
    const log = logOf(name);
    expect(
      find(eachLine(log, (line) => `\u001B[1;31m${line.slice(0, 3)}\u001B[0m${line.slice(3)}\u001B[K`)),
    ).toEqual(find(log));
  });

  test.each(cases)('%s after a line that a carriage return overwrote', (name) => {
    const log = logOf(name);
    expect(find(eachLine(log, (line) => `downloading 17%\r${line}`))).toEqual(find(log));
  });

  test.each(cases)('%s without a newline at the end', (name) => {
    const log = logOf(name);
    expect(find(log.trimEnd())).toEqual(find(log));
  });

  test.each(cases)('%s after a very long line, and bytes that are no text', (name) => {
    const [group = '', ...lines] = logOf(name).split('\n');
    const noise = `${'ab:3:c '.repeat(30_000)}\n\uFFFD\uFFFD \uFFFD\n\n`;
    const found = find([group, noise + lines.join('\n')].join('\n'));

    expect(found.map(({ name: what, place }) => ({ what, place }))).toEqual(
      find(logOf(name)).map(({ name: what, place }) => ({ what, place })),
    );
  });
});

describe('a command that went well', () => {
  test.each(cases)('tells of no failure, though it printed what %s did', (name) => {
    expect(find(`${logOf(name)}\n::endgroup::\n::group::true\n\ntekton-ci: command 2 of 2 failed`)).toEqual(
      [],
    );
  });
});

describe.each(NAMES)('the parser of %s', (name) => {
  const parser = parserOf(name);

  test('takes any lines in any order', () => expectTakesAnyLines(parser, cases));

  test('is linear in a line that nearly is its own', () => {
    const nearly = [
      'go: a.b/'.repeat(500),
      'a.go:1:1: '.repeat(400),
      ' (a'.repeat(1300),
      `error[${'E'.repeat(3990)}`,
    ];
    expectLinear(parser, '', nearly);
  });
});
