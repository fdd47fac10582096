import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createRecordingCli, type Finished, runCli } from './recording-cli.ts';
import { git, repositoryOf, temporaryDirectory, write } from './temporary-repository.ts';

const MONOREPO = {
  '.tekton-ci.yml': 'use: alpine\ntest: make check\nprojects:\n  web:\n    watch: [libs/**]\n  api: {}\n',
  'web/index.js': '',
  'api/main.go': '',
};

function plan(root: string, ...args: string[]): Promise<Finished> {
  return runCli(createRecordingCli(root), 'plan', ...args);
}

/** A commit on top of what is checked out. */
function commit(root: string, files: Readonly<Record<string, string>>, message = 'change'): string {
  write(root, files);
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', message);
  return git(root, 'rev-parse', 'HEAD');
}

/** A payload of GitHub's, with the fields that are read. */
function payload(root: string, name: string, fields: object): string {
  const repository = {
    id: 1,
    name: 'api',
    owner: { login: 'acme' },
    default_branch: 'main',
    clone_url: 'https://github.com/acme/api.git',
    html_url: 'https://github.com/acme/api',
  };
  const sender = { id: 2, login: 'mona', type: 'User' };
  write(root, { [name]: JSON.stringify({ installation: { id: 7 }, repository, sender, ...fields }) });
  return join(root, name);
}

describe('plan', () => {
  test('says which projects a push of the newest commit runs, and why', async () => {
    const root = repositoryOf(MONOREPO);
    git(root, 'checkout', '--quiet', '-b', 'feature');
    const sha = commit(root, { 'libs/a.js': '1' });

    const { exitCode, stdout } = await plan(root);

    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      `${sha.slice(0, 7)} on branch feature: verify, trusted\n` +
        '\nweb\n  runs: libs/a.js changed (1 file since main)\n  test: runs\n  build: no, the config asks for none\n' +
        '\napi\n  skipped: no file under api/ changed (1 file since main)\n',
    );
  });

  test('of the default branch says what only GitHub knows', async () => {
    const root = repositoryOf(MONOREPO);
    commit(root, { 'api/main.go': '1' });

    const { stdout } = await plan(root);

    expect(stdout).toContain('on branch main: publish, trusted');
    expect(stdout).toContain('A project that was not green on the commit before runs too');
  });

  test('takes any two commits and a branch', async () => {
    const root = repositoryOf(MONOREPO);
    const first = git(root, 'rev-parse', 'HEAD');
    commit(root, { 'api/main.go': '1' });
    const second = commit(root, { 'web/index.js': '1' });

    const { stdout } = await plan(root, '--push', `${first}..${second}`, '--branch', 'main');

    expect(stdout).toContain('runs: web/index.js changed (2 files since');
    expect(stdout).toContain('runs: api/main.go changed (2 files since');
  });

  test('a file that was renamed counts for both of its places', async () => {
    const root = repositoryOf({ ...MONOREPO, 'web/long.txt': 'the same text\n'.repeat(20) });
    git(root, 'checkout', '--quiet', '-b', 'feature');
    git(root, 'mv', 'web/long.txt', 'api/long.txt');
    commit(root, {});

    const { stdout } = await plan(root);

    expect(stdout).toContain('runs: web/long.txt changed');
    expect(stdout).toContain('runs: api/long.txt changed');
  });

  test("reads a webhook's payload: a fork's pull request waits for an approval", async () => {
    const root = repositoryOf(MONOREPO);
    const sha = commit(root, { 'api/main.go': '1' });
    const account = { id: 9, login: 'stranger', type: 'User' };
    const file = payload(temporaryDirectory(), 'event.json', {
      action: 'opened',
      number: 12,
      sender: account,
      pull_request: {
        user: account,
        updated_at: '2026-01-01T00:00:00Z',
        head: { sha, ref: 'patch', repo: { id: 99 } },
        base: { ref: 'main' },
      },
    });

    const { exitCode, stdout } = await plan(root, '--event', file);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('on pull 12: verify, untrusted');
    expect(stdout).toContain('waits for an approval');
  });

  test('an event that runs nothing says why', async () => {
    const root = repositoryOf(MONOREPO);
    const file = payload(temporaryDirectory(), 'event.json', { action: 'labeled', pull_request: {} });

    expect(await plan(root, '--event', file)).toMatchObject({
      exitCode: 0,
      stdout: 'nothing: pull_request labeled does not change the commit\n',
    });
  });

  test('a config with problems is the answer no', async () => {
    const root = repositoryOf({ '.tekton-ci.yml': 'tset: make\n' });

    const { exitCode, stdout } = await plan(root);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('the check fails: .tekton-ci.yml:1:1');
  });

  test.each([
    [['--event', 'missing.json'], 'missing.json cannot be read'],
    [['--push', 'a..nonsense'], 'there is no commit nonsense'],
  ])('%j cannot be planned', async (args, words) => {
    const { exitCode, stderr } = await plan(repositoryOf(MONOREPO), ...args);

    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });

  test('outside of a repository there is nothing to plan', async () => {
    expect(await plan(temporaryDirectory())).toMatchObject({ exitCode: 2 });
  });
});
