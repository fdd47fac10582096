import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createRecordingCli, type Finished, runCli } from './recording-cli.ts';
import { temporaryDirectory, write } from './temporary-repository.ts';

const GOOD = 'use: alpine\ntest: make check\n';
const BAD = 'use: alpine\ntset: make check\nnonsense: 1\n';

describe('lint', () => {
  test('says ok and what was decided, with exit code 0', async () => {
    const { exitCode, stdout, stderr } = await lint({
      '.tekton-ci.yml': '',
      'go.mod': 'module example.com/x\n\ngo 1.25\n',
    });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^\.tekton-ci\.yml: ok\n/);
    expect(stdout).toMatch(/^ {2}.*Go 1\.25.*go\.mod/m);
  });

  test('prints every problem with its position and hint, and their number, with exit code 1', async () => {
    const { exitCode, stdout, stderr } = await lint({ '.tekton-ci.yml': BAD });

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^\.tekton-ci\.yml:2:1: .*tset.*test/);
    expect(lines[1]).toMatch(/^\.tekton-ci\.yml:3:1: .*nonsense/);
    expect(lines.slice(2)).toEqual(['2 problems', '']);
  });

  test('checks each file against the files beside it', async () => {
    const { exitCode, stdout } = await lint(
      { 'a/.tekton-ci.yml': '', 'a/go.mod': 'module example.com/x\n\ngo 1.25\n', 'b/.tekton-ci.yml': BAD },
      'a/.tekton-ci.yml',
      'b/.tekton-ci.yml',
    );

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^a\/\.tekton-ci\.yml: ok\n[\s\S]*^b\/\.tekton-ci\.yml:2:1: /m);
  });

  test('reads standard input for "-"', async () => {
    const directory = temporaryDirectory();

    const good = await runCli(createRecordingCli(directory, { stdin: GOOD }), 'lint', '-');
    const bad = await runCli(createRecordingCli(directory, { stdin: BAD }), 'lint', '-');

    expect(good).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\.tekton-ci\.yml: ok\n/) });
    expect(bad).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^\.tekton-ci\.yml:2:1: /) });
  });

  test('says what to add when there is no config, with exit code 2', async () => {
    const { exitCode, stdout, stderr } = await lint({});

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: there is no \.tekton-ci\.yml\. Create it .*"touch \.tekton-ci\.yml/);
  });

  test('checks the other files when one cannot be read', async () => {
    const { exitCode, stdout, stderr } = await lint({ 'a.yml': GOOD, 'b/c': '' }, 'none.yml', 'b', 'a.yml');

    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^a\.yml: ok\n/);
    expect(stderr).toMatch(
      /^error: there is no none\.yml[\s\S]*^error: b cannot be read: it is a directory/m,
    );
  });

  test('prints JSON with all that is known of each problem', async () => {
    const { exitCode, stdout } = await lint({ '.tekton-ci.yml': BAD }, '--format', 'json');

    const { files } = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(files).toHaveLength(1);
    expect(files[0].file).toBe('.tekton-ci.yml');
    expect(files[0].problems[0]).toMatchObject({
      line: 2,
      column: 1,
      endLine: 2,
      endColumn: 5,
      path: 'tset',
    });
  });

  test('prints JSON of no problems', async () => {
    const { exitCode, stdout } = await lint({ '.tekton-ci.yml': GOOD }, '--format', 'json');

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      files: [
        { file: '.tekton-ci.yml', problems: [], projects: [{ name: '.', decisions: expect.any(Array) }] },
      ],
    });
  });

  test('prints annotations for GitHub Actions', async () => {
    const { exitCode, stdout } = await lint({ '.tekton-ci.yml': BAD }, '--format', 'github');

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^::error file=\.tekton-ci\.yml,line=2,col=1,endLine=2,endColumn=5,title=tekton-ci%3A unknown-key::.*tset/,
    );
  });

  test('takes an absolute path', async () => {
    const directory = temporaryDirectory();
    write(directory, { '.tekton-ci.yml': GOOD });
    const path = join(directory, '.tekton-ci.yml');

    expect(await runCli(createRecordingCli('/'), 'lint', path)).toMatchObject({ exitCode: 0 });
  });

  test('checks operator settings when told', async () => {
    const files = { 'good.yaml': 'namespace: acme\n', 'bad.yaml': 'namespace: acme\nlayuot: tasks\n' };

    const good = await lint(files, '--settings', 'good.yaml');
    const bad = await lint(files, '--settings', 'good.yaml', 'bad.yaml');

    expect(good).toEqual({ exitCode: 0, stdout: 'good.yaml: ok\n', stderr: '' });
    expect(bad).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^bad\.yaml:2:1: .*layuot.*layout/m),
    });
  });

  test('prints the problems of operator settings in the other formats', async () => {
    const files = { 'bad.yaml': 'layuot: tasks\n' };

    const json = await lint(files, '--settings', '--format', 'json', 'bad.yaml');
    const github = await lint(files, '--settings', '--format', 'github', 'bad.yaml');

    expect(JSON.parse(json.stdout).files[0]).toMatchObject({ file: 'bad.yaml', problems: [{ line: 1 }] });
    expect(github.stdout).toMatch(/^::error file=bad\.yaml,line=1/);
  });

  test('asks which file holds the operator settings', async () => {
    expect(await lint({}, '--settings')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/which file\?/),
    });
  });
});

function lint(files: Readonly<Record<string, string>>, ...argv: string[]): Promise<Finished> {
  const directory = temporaryDirectory();
  write(directory, files);
  return runCli(createRecordingCli(directory), 'lint', ...argv);
}
