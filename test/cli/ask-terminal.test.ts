import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, jest, test } from '@jest/globals';
import { PROGRAM, startCommand } from './command-process.ts';
import { GIT_ENVIRONMENT, repositoryOf } from './temporary-repository.ts';

// Processes: slow on a busy machine.
jest.setTimeout(30_000);

const REPOSITORY = {
  '.tekton-ci.yml':
    'use: alpine\ntest: \'[ "$NPM_TOKEN" = s3cret ] && echo it is the one\'\nsecrets: [NPM_TOKEN]\n',
};
const ARGV = ['run', '--runtime', 'host', '--secret', 'NPM_TOKEN'];

const onTerminal = existsSync('/usr/bin/script') && process.platform === 'linux' ? test : test.skip;

onTerminal('a secret is asked for at the terminal, which does not show it', async () => {
  const { exitCode, shown } = await onceAsked('s3cret\r');

  expect(shown).toContain('it is the one');
  expect(shown).toContain('Succeeded');
  // Neither does the log show it, in which the command itself stands.
  expect(shown).not.toContain('s3cret');
  expect(shown).toContain('= ***');
  expect(exitCode).toBe(0);
});

onTerminal.each([
  ['Ctrl-C ends the command', '\u0003', 130, /ending the steps/],
  ['Ctrl-D is no answer', '\u0004', 2, /the secret NPM_TOKEN has no value/],
])('at the question %s', async (_what, typed, expected, message) => {
  const { exitCode, shown } = await onceAsked(typed);

  expect(exitCode).toBe(expected);
  expect(shown).toMatch(message);
  expect(shown).not.toContain('▸');
});

test('nothing is asked where there is no terminal', async () => {
  const { exitCode, stderr } = await startCommand(ARGV, {
    directory: repositoryOf(REPOSITORY),
    stdin: 's3cret\n',
  }).ended;

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^error: the secret NPM_TOKEN has no value/);
});

/** Runs the command at a terminal of its own and types this when it asks. */
async function onceAsked(typed: string): Promise<{ readonly exitCode: number; readonly shown: string }> {
  const child = spawn(
    '/usr/bin/script',
    ['-qec', `'${process.execPath}' '${PROGRAM}' ${ARGV.join(' ')}`, '/dev/null'],
    {
      cwd: repositoryOf(REPOSITORY),
      env: { ...GIT_ENVIRONMENT, TERM: 'dumb', NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let shown = '';
  let asked = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (asked || !shown.includes('NPM_TOKEN: ')) return;
    asked = true;
    child.stdin.write(typed);
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, shown };
}
