import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/core/user-error.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createRecordingCli, type Finished, type RecordingCliOptions, runCli } from './recording-cli.ts';
import { temporaryDirectory, write } from './temporary-repository.ts';

describe('main', () => {
  test('prints the version', async () => {
    expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  });

  test.each([
    [['--help']],
    [['help']],
    [['help', 'lint']],
    ...['lint', 'render', 'run', 'demo', 'server'].map((command) => [[command, '--help']]),
  ])('prints help with examples for %j', async (argv) => {
    const { exitCode, stdout, stderr } = await run(argv);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: tekton-ci/);
    expect(stdout).toMatch(/\nExamples:\n {2}(git|tekton-ci|PORT)/);
  });

  test('prints help and fails when no command is named', async () => {
    const { exitCode, stderr } = await run([]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Usage: tekton-ci');
  });

  test.each([
    [['lnit'], "error: unknown command 'lnit'\n(Did you mean lint?)\n"],
    [['lint', '--fromat', 'json'], "error: unknown option '--fromat'\n(Did you mean --format?)\n"],
    [['lint', '--format', 'xml'], /invalid. Allowed choices are text, json, github/],
    [
      ['run', 'clone'],
      /'clone' is invalid for argument 'stage'. Allowed choices are test, build, image, deploy/,
    ],
    [['render', 'surplus'], /too many arguments/],
  ])('fails with exit code 2 and says what is wrong with %j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await run(argv);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  test('says what a user can mend in one message, with exit code 1', async () => {
    const startServer = async () => {
      throw new UserError('settings', 'APP_ID is missing.');
    };

    expect(await run(['server'], { startServer })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: APP_ID is missing.\n',
    });
  });

  test('owns a bug: one line of it, where to go, exit code 70', async () => {
    const startServer = async () => {
      throw Object.assign(new Error('boom\nmore'), {
        request: { headers: { authorization: 'token secret' } },
      });
    };

    expect(await run(['server'], { startServer })).toEqual({
      exitCode: 70,
      stdout: '',
      stderr:
        'error: boom\nThis is a bug in tekton-ci: please report it with what `--debug` prints in addition.\n',
    });
  });

  test.each([[['--debug', 'server']], [['server', '--debug']]])(
    'prints the stack and the causes with %j, and nothing else of the error',
    async (argv) => {
      const startServer = async () => {
        throw Object.assign(new Error('boom', { cause: new Error('why') }), { token: 'secret' });
      };

      const { exitCode, stderr } = await run(argv, { startServer });

      expect(exitCode).toBe(70);
      expect(stderr).toMatch(/^error: boom\nError: boom\n {4}at [\s\S]*\ncaused by Error: why\n {4}at /);
      expect(stderr).not.toContain('secret');
    },
  );

  test('takes what an engine refuses as something to mend, with exit code 2', async () => {
    const directory = temporaryDirectory();
    write(directory, { '.tekton-ci.yml': 'use: alpine\ntest: make check\n' });
    const engine = {
      ...createFakeEngine(),
      async validate() {
        throw new UserError('unsupported', 'Sidecars are not supported here.');
      },
    };

    const { exitCode, stdout, stderr } = await runCli(createRecordingCli(directory, { engine }), 'run');

    expect(engine.calls.join()).not.toContain('submit');
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error: Sidecars are not supported here.\n',
    });
  });
});

function run(argv: readonly string[], options: RecordingCliOptions = {}): Promise<Finished> {
  return runCli(createRecordingCli(temporaryDirectory(), options), ...argv);
}
