import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { COMMANDS_WITH_REPORTS_SCRIPT } from '../../../../src/core/pipeline/scripts/commands.ts';
import { createFailureReader } from '../../../../src/core/report/failures/read-failure.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'tekton-ci-reports-'));
const SCRIPT = join(ROOT, 'script');
const CHECKOUT = join(ROOT, 'checkout');
const DASH = join(ROOT, 'dash');
const BASH = join(ROOT, 'bash');

writeFileSync(SCRIPT, COMMANDS_WITH_REPORTS_SCRIPT, { mode: 0o755 });
for (const [folder, shells] of [
  [DASH, { sh: 'dash' }],
  [BASH, { sh: 'bash', bash: 'bash' }],
] as const) {
  mkdirSync(folder);
  for (const tool of ['cat', 'find', 'sort', 'wc', 'mkdir', 'cp', 'head'])
    symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
  for (const [name, shell] of Object.entries(shells)) symlinkSync(`/usr/bin/${shell}`, join(folder, name));
}
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

beforeEach(() => {
  rmSync(CHECKOUT, { recursive: true, force: true });
  mkdirSync(join(CHECKOUT, 'api'), { recursive: true });
});

const XML =
  '<testsuite name="s"><testcase classname="Router" name="finds"><failure message="404"/></testcase></testsuite>';

/** The log of one failing command in the project `api`. */
function logOf(command: string, patterns: readonly string[], path = DASH): string {
  const reports = patterns.map((pattern, index) => [`TEKTON_CI_REPORT_${index + 1}`, pattern]);
  const { status, stdout, stderr } = spawnSync(join(path, 'sh'), [SCRIPT], {
    encoding: 'utf8',
    timeout: 10_000,
    env: {
      PATH: path,
      HOME: ROOT,
      TEKTON_CI_CHECKOUT: CHECKOUT,
      TEKTON_CI_PATH: 'api',
      TEKTON_CI_COMMANDS: '1',
      TEKTON_CI_COMMAND_1: `${command}\nexit 3`,
      TEKTON_CI_REPORTS: String(patterns.length),
      ...Object.fromEntries(reports),
    },
  });
  expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
  return stdout;
}

/** What is read in such a log. */
function read(log: string) {
  const reader = createFailureReader();
  reader.push(log);
  return reader.end();
}

describe('reports of a step that fails', () => {
  test.each([
    ['dash', DASH],
    ['bash', BASH],
  ])('are in its log, each a group, and say what failed (%s)', (_shell, path) => {
    const log = logOf(`mkdir -p out; printf '%s' '${XML}' > out/junit.xml`, ['out/*.xml'], path);

    expect(log.split('\n').slice(-6)).toEqual([
      '::group::tekton-ci: report out/junit.xml',
      XML,
      '::endgroup::',
      '',
      'tekton-ci: command 1 of 1 failed with exit code 3',
      '',
    ]);
    expect(read(log)).toEqual({
      findings: [expect.objectContaining({ kind: 'test', name: 'Router.finds', message: '404' })],
      lines: [expect.stringContaining('$ mkdir -p out')],
    });
  });

  test.each<[string, string, readonly string[], number]>([
    ['of any folder', 'mkdir -p a/b; FILE', ['**/*.xml'], 1],
    ['of no folder', 'FILE_HERE', ['**/junit.xml'], 1],
    ['that several patterns match once', 'FILE_HERE', ['*.xml', '**/junit.xml', 'junit.xml'], 1],
    ['of dependencies never', 'mkdir -p node_modules/x .git; cp_to node_modules/x .git', ['**/*.xml'], 0],
    ['that were never written, which is no failure of its own', ':', ['out/*.xml'], 0],
    ['whose pattern is hostile never run it', ':', ['$(touch /tmp/x)', '`touch x`', '"; touch x; "'], 0],
  ])('are those %s', (_which, command, patterns, count) => {
    const given = command
      .replace('FILE_HERE', `printf '%s' '${XML}' > junit.xml`)
      .replace('FILE', `printf '%s' '${XML}' > a/b/junit.xml`)
      .replace(
        'cp_to node_modules/x .git',
        `printf '%s' '${XML}' > node_modules/x/a.xml; cp node_modules/x/a.xml .git`,
      );

    expect(
      read(
        logOf(
          given,
          patterns.map((glob) => glob.replaceAll('**/', '*')),
        ),
      ).findings,
    ).toHaveLength(count);
  });

  test('that the repository has are none of its own', () => {
    writeFileSync(join(CHECKOUT, 'api/old.xml'), XML);
    const before = new Date(Date.now() - 60_000);
    spawnSync('touch', ['-d', before.toISOString(), join(CHECKOUT, 'api/old.xml')]);

    expect(logOf(':', ['*.xml'])).not.toContain('report old.xml');
  });

  test('that are too large are left out, and it says so', () => {
    const log = logOf(`head -c 2000001 /dev/zero > large.xml; printf '%s' '${XML}' > small.xml`, ['*.xml']);

    expect(log).toContain('tekton-ci: the report large.xml is left out');
    expect(read(log).findings).toHaveLength(1);
  });

  test('that are no reports are told with the reason', () => {
    expect(read(logOf(`printf '<a><b></a>' > bad.xml`, ['*.xml'])).problems).toEqual([
      expect.stringMatching(/^bad\.xml: line 1: /),
    ]);
  });
});

describe('a report in a log', () => {
  const group = (path: string, ...lines: readonly string[]) => [
    `::group::tekton-ci: report ${path}`,
    ...lines,
    '::endgroup::',
  ];

  test('has the place that the log tells of the same test', () => {
    const xml = XML.replace('classname="Router" name="finds"', 'classname="x" name="TestRouter"');
    const log = [
      '::group::go test ./...',
      '--- FAIL: TestRouter (0.00s)',
      '    router_test.go:12: got 404',
      'FAIL',
    ];

    const { findings } = read([...log, ...group('junit.xml', xml)].join('\n'));

    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ place: { path: 'router_test.go', line: 12 } });
  });

  test('is read whole although it is one line of a megabyte', () => {
    const passed = '<testcase name="a"/>'.repeat(20_000);
    const xml = `<testsuite name="s">${passed}<testcase name="last"><failure/></testcase></testsuite>`;

    expect(read(group('junit.xml', xml).join('\n')).findings).toMatchObject([
      { name: expect.stringContaining('last') },
    ]);
  });

  test('counts no more once its command went well', () => {
    const log = ['::group::npm test || true', ...group('junit.xml', XML), '::endgroup::', '::group::false'];

    expect(read(log.join('\n')).findings).toEqual([]);
  });

  test('that never ends is none', () => {
    expect(read(['::group::npm test', '::group::tekton-ci: report a.xml', XML].join('\n')).findings).toEqual(
      [],
    );
  });
});
