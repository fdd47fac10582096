import { describe, expect, test } from '@jest/globals';
import { casesOf, expectLinear, expectTakesAnyLines, find, logOf, parserOf } from './failure-logs.ts';

const TOOLS = ['gradle', 'helm', 'javac', 'kaniko', 'kubectl', 'maven'];
const NAMES = ['gradle', 'helm', 'javac', 'kaniko', 'kaniko RUN', 'kubectl', 'maven'];

const cases = casesOf(TOOLS);

/** Each line of a log, but not the marks of its commands, nor what has colours already. */
function eachLine(log: string, change: (line: string) => string): string {
  return log
    .split('\n')
    .map((line) => (line === '' || line.startsWith('::') || line.startsWith('\u001B') ? line : change(line)))
    .join('\n');
}

describe.each(cases)('%s is found the same', (name) => {
  const log = logOf(name);
  const found = find(log);

  test('with Windows line ends, and without one at the end', () => {
    expect(found).not.toEqual([]);
    expect(find(log.replaceAll('\n', '\r\n'))).toEqual(found);
    expect(find(log.trimEnd())).toEqual(found);
  });

  test('with colours, and after what a carriage return overwrote', () => {
    expect(find(eachLine(log, (line) => `\u001B[1;31m${line.slice(0, 3)}\u001B[0m${line.slice(3)}`))).toEqual(
      found,
    );
    expect(find(eachLine(log, (line) => `pulling 17%\r${line}`))).toEqual(found);
  });

  test('after very long lines and bytes that are no text', () => {
    const [first = '', ...rest] = log.split('\n');
    const noise = ['Error: '.repeat(30_000), '\uFFFD\uFFFD', ''];
    const noisy = first.startsWith('::group::') ? [first, ...noise, ...rest] : [...noise, first, ...rest];

    const ours = (findings: typeof found) => findings.filter((one) => !one.name.startsWith('Error: Error: '));
    expect(ours(find(noisy.join('\n'))).map((one) => one.name)).toEqual(found.map((one) => one.name));
  });
});

test('what another command printed as these tools do is not told of the one that failed', () => {
  for (const name of cases)
    expect(
      find(
        `::group::cat old.log\n${logOf(name).replace(/^::group::.*\n/, '')}\n::endgroup::\n::group::true\n`,
      ),
    ).toEqual([]);
});

test("an error of a program's own, with its stack, is not Helm's", () => {
  const log =
    '::group::./deploy.sh\nRelease "api" has been upgraded. Happy Helming!\nError: no answer\n    at main (smoke.js:3:9)\n';

  expect(find(log).map((one) => one.kind)).not.toContain('deploy');
});

describe.each(NAMES)('the parser of %s', (name) => {
  const parser = parserOf(name);

  test('takes any lines in any order', () => expectTakesAnyLines(parser, cases));

  test('is linear in a line that nearly is its own', () => {
    const nearly = [
      `Error: template: ${'a:1:'.repeat(900)}`,
      `[ERROR] ${'a.b:[1,2 '.repeat(440)}`,
      `${'a > '.repeat(990)} FAILED`,
      `error building image: ${'error building stage: '.repeat(180)}`,
      `The request is invalid: patch: Invalid value: "map[${']": '.repeat(900)}`,
      `at ${'a.'.repeat(1900)}(A.java:1`,
      `[ERROR] ${'a  Time elapsed: 1 s '.repeat(190)} <<< `,
    ];
    expectLinear(parser, 'helm kubectl', nearly);
  });
});
