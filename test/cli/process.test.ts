import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, jest, test } from '@jest/globals';
import { type CommandOptions, PROGRAM, startCommand } from './command-process.ts';
import {
  fingerprint,
  GIT_ENVIRONMENT,
  repositoryOf,
  temporaryDirectory,
  write,
} from './temporary-repository.ts';

// Processes: slow on a busy machine.
jest.setTimeout(30_000);

const GOOD = 'use: alpine\ntest: make check\n';
const BAD = 'use: alpine\ntset: make check\n';

describe('the program', () => {
  test('prints its version and no warning', async () => {
    const { version } = JSON.parse(readFileSync(join(PROGRAM, '../../package.json'), 'utf8'));

    expect(await end(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([
    ['good', { '.tekton-ci.yml': GOOD }, 0],
    ['wrong', { '.tekton-ci.yml': BAD }, 1],
    ['missing', {}, 2],
  ])('lints a %s config with an exit code that says so', async (_what, files, exitCode) => {
    expect(await end(['lint'], { directory: directoryOf(files) })).toMatchObject({ exitCode });
  });

  test('lints standard input', async () => {
    const { exitCode, stdout } = await end(['lint', '-'], { stdin: BAD });

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^\.tekton-ci\.yml:2:1: /);
  });

  test('writes no colours into a pipe, unless they are asked for', async () => {
    const directory = directoryOf({ '.tekton-ci.yml': GOOD });

    const plain = await end(['lint'], { directory });
    const forced = await end(['lint'], { directory, environment: { FORCE_COLOR: '1' } });

    expect(plain.stdout).toContain('.tekton-ci.yml: ok\n');
    expect(forced.stdout).toContain('.tekton-ci.yml: \u001b[32mok\u001b[39m\n');
  });

  const onTerminal = existsSync('/usr/bin/script') && process.platform === 'linux' ? test : test.skip;
  onTerminal('writes colours to a terminal, unless NO_COLOR says no', () => {
    const directory = directoryOf({ '.tekton-ci.yml': GOOD });
    const lint = (environment: Readonly<Record<string, string>>) =>
      execFileSync('/usr/bin/script', ['-qec', `'${process.execPath}' '${PROGRAM}' lint`, '/dev/null'], {
        cwd: directory,
        env: { ...GIT_ENVIRONMENT, TERM: 'xterm-256color', ...environment },
        encoding: 'utf8',
      });

    expect(lint({})).toContain('\u001b[32mok\u001b[39m');
    expect(lint({ NO_COLOR: '1' })).toContain('.tekton-ci.yml: ok\r\n');
  });

  test('does not mind a reader that goes away', async () => {
    const command = startCommand(['render'], { directory: directoryOf({ '.tekton-ci.yml': GOOD }) });
    command.child.stdout?.destroy();

    expect(await command.ended).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  test.each(['20.20.2', '22.18.0', '8.17.0'])('says plainly that Node %s is too old', async (version) => {
    const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    const nodeOptions = [`--import=data:text/javascript,${encodeURIComponent(versions)}`];

    const { exitCode, stdout, stderr } = await end(['--version'], { nodeOptions });

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(
        `^tekton-ci needs Node 22\\.19 or newer, and this is Node ${version} \\(.*\\): install .*\\n$`,
      ),
    );
  });

  test('begins with a file that a Node without modules can read', () => {
    expect(() => new Script(readFileSync(PROGRAM, 'utf8'))).not.toThrow();
  });
});

describe('the program runs a pipeline', () => {
  test('of uncommitted files, with exit code 0, and leaves nothing behind', async () => {
    const root = repositoryOf({ '.tekton-ci.yml': 'use: alpine\ntest: cat new.txt\n' });
    write(root, { 'new.txt': 'uncommitted words' });
    const before = fingerprint(root);
    const TMPDIR = temporaryDirectory();

    const { exitCode, stdout, stderr } = await end(['run', '--runtime', 'host'], {
      directory: root,
      environment: { TMPDIR },
    });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/▸ test\n\$ cat new\.txt\nuncommitted words\n[\s\S]*\nSucceeded in .* s\n$/);
    expect(stdout).not.toContain('::group::');
    expect(fingerprint(root)).toEqual(before);
    expect(leftIn(TMPDIR)).toEqual([]);
  });

  test('with exit code 1 when its tests fail', async () => {
    const directory = directoryOf({
      '.tekton-ci.yml': 'use: alpine\ntest: [echo before, exit 7]\nbuild: echo never\n',
    });

    const { exitCode, stdout } = await end(['run', '--runtime', 'host'], { directory });

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/ {2}test {3}✗ failed {5}.* s {2}exit code 7\n {2}build {2}- skipped\n/);
    expect(stdout).not.toContain('never\n');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'until %s ends it with exit code %i, with every process and file of it',
    async (signal, expected) => {
      const { command, TMPDIR, mark } = await startStep((mark) => `echo started; exec sleep ${mark}`);

      command.child.kill(signal);

      const { exitCode, stdout } = await command.ended;
      expect(exitCode).toBe(expected);
      expect(stdout).toContain('Cancelled by you');
      expect(runs(mark)).toBe(false);
      expect(leftIn(TMPDIR)).toEqual([]);
    },
  );

  test('until a second Ctrl-C ends at once what ignores the first', async () => {
    const { command, TMPDIR, mark } = await startStep(
      (mark) => `sh -c 'trap "" TERM INT; echo started; while :; do sleep 1; done' ${mark}`,
    );
    const startedAt = performance.now();

    command.child.kill('SIGINT');
    command.child.kill('SIGINT');

    const { exitCode } = await command.ended;
    expect(exitCode).toBe(130);
    // An orderly end would have waited ten seconds for the step.
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect(runs(mark)).toBe(false);
    expect(leftIn(TMPDIR)).toEqual([]);
  });
});

/** Starts a run whose test is this command, and waits until it has printed "started". */
async function startStep(commandOf: (mark: string) => string) {
  const TMPDIR = temporaryDirectory();
  // Seconds to sleep, and what the process is known by among all of this machine.
  const mark = `9${process.pid}${Math.floor(Math.random() * 1e6)}`;
  const config = JSON.stringify({ use: 'alpine', test: commandOf(mark) });
  const directory = directoryOf({ '.tekton-ci.yml': config });
  const command = startCommand(['run', '--runtime', 'host'], { directory, environment: { TMPDIR } });
  await command.printed('\nstarted\n');
  expect(runs(mark)).toBe(true);
  return { command, TMPDIR, mark };
}

function runs(mark: string): boolean {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(mark);
  const commandLines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readCommandLine);
  return commandLines.some((line) => line.includes(mark));
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/** Compilers of the program itself cache here. */
function leftIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name !== 'node-compile-cache');
}

function directoryOf(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  write(directory, files);
  return directory;
}

function end(argv: readonly string[], options: Partial<CommandOptions> = {}) {
  return startCommand(argv, { directory: temporaryDirectory(), ...options }).ended;
}
