import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { PipelineRun } from '../../src/core/pipeline/pipeline-run.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createRecordingCli, type RecordingCli, runCli } from './recording-cli.ts';
import { fingerprint, git, repositoryOf, write } from './temporary-repository.ts';

// Processes: slow on a busy machine.
jest.setTimeout(30_000);

const ONE = { '.tekton-ci.yml': 'use: alpine\ntest: make check\nbuild: make\n' };
const TWO = {
  '.tekton-ci.yml':
    'use: alpine\ntest: make check\nprojects:\n  web: {}\n  api:\n    build: make\n  docs:\n    test: off\n',
};
const VERSIONS = { '.tekton-ci.yml': 'go: [1.25, 1.26]\n', 'go.mod': 'module example.com/x\n\ngo 1.25\n' };

describe('run', () => {
  test('shows the logs by step, the stages with their times and the verdict, with exit code 0', async () => {
    const root = repositoryOf(ONE);
    const engine = createFakeEngine({
      clone: { log: ['tekton-ci: running on this machine; the image x is not used\n', 'a1b2c3d first\n'] },
      test: { log: ['::group::make check\n', 'ok\n::endgroup::\n'] },
      build: { log: ['::group::make\n', '::endgroup::\n'] },
    });

    const { exitCode, stdout, stderr } = await runCli(createRecordingCli(root, { engine }), 'run');

    const sha = git(root, 'rev-parse', '--short=7', 'HEAD');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(
      stdout,
    ).toBe(`tekton-ci: branch main, ${sha}; runtime host (neither podman nor docker answers), so images are not used

▸ clone
a1b2c3d first

▸ test
$ make check
ok

▸ build
$ make

  clone  ✓ succeeded  1.0 s
  test   ✓ succeeded  1.0 s
  build  ✓ succeeded  1.0 s

Succeeded in 3.0 s
`);
    expect(engine.calls).toEqual([expect.stringMatching(/^submit /), 'close']);
  });

  test('ends with exit code 1 when a stage fails, and says which', async () => {
    const engine = createFakeEngine({ test: { log: ['no newline at the end'], exitCode: 2 } });

    const { exitCode, stdout } = await runCli(createRecordingCli(repositoryOf(ONE), { engine }), 'run');

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/no newline at the end\n\n {2}clone {2}✓/);
    expect(stdout).toMatch(/ {2}test {3}✗ failed {5}1\.0 s {2}exit code 2\n {2}build {2}- skipped\n/);
    expect(stdout).toMatch(/\n\ntest failed with exit code 2\n$/);
  });

  test('says that it runs the working tree when something is uncommitted', async () => {
    const root = repositoryOf(ONE);
    write(root, { 'new.txt': 'new' });

    const { stdout } = await runCli(createRecordingCli(root), 'run');

    expect(stdout).toMatch(
      /^tekton-ci: branch main, the working tree as it is \([0-9a-f]{7}\); runtime host/,
    );
  });

  test('prefixes the lines of steps that run at the same time', async () => {
    const engine = createFakeEngine({
      'clone 1.25': { log: ['Fetching\n'] },
      'test 1.25': { log: ['::group::go test\nok\n'] },
      'test 1.26': { log: ['ok\n'] },
    });

    const { exitCode, stdout } = await runCli(createRecordingCli(repositoryOf(VERSIONS), { engine }), 'run');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^clone 1\.25 \| Fetching$/m);
    expect(stdout).toMatch(/^test 1\.25 \| \$ go test\ntest 1\.25 \| ok$/m);
    expect(stdout).toMatch(/^test 1\.26 \| ok$/m);
  });

  test('runs up to the stage that is named', async () => {
    const { exitCode, stdout } = await runCli(createRecordingCli(repositoryOf(ONE)), 'run', 'test');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}test {3}✓/m);
    expect(stdout).not.toMatch(/^ {2}build/m);
  });

  test.each([
    ['build', 'use: alpine\ntest: make\n', /no build stage to run: write `build: on` into \.tekton-ci\.yml/],
    ['test', 'use: alpine\ntest: off\nbuild: make\n', /no test stage to run: take `test: off` out of/],
  ])('refuses %s when the config has none', async (stage, config, message) => {
    const cli = createRecordingCli(repositoryOf({ '.tekton-ci.yml': config }));

    const { exitCode, stderr } = await runCli(cli, 'run', stage);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('runs all projects one after the other, also after a failure, and sums them up', async () => {
    const engine = createFakeEngine({ build: { exitCode: 1 } });

    const { exitCode, stdout } = await runCli(createRecordingCli(repositoryOf(TWO), { engine }), 'run');

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nproject web\n[\s\S]*\nproject api\n[\s\S]*\nproject docs\n/);
    expect(stdout).toMatch(
      /\n\nweb: Succeeded in 2\.0 s\napi: build failed with exit code 1\ndocs: skipped: .*\n$/,
    );
  });

  test('runs one project', async () => {
    const engine = createFakeEngine();

    await runCli(createRecordingCli(repositoryOf(TWO), { engine }), 'run', '--project', 'web');

    expect(engine.calls).toEqual([expect.stringContaining('-web-'), 'close']);
  });

  test('lists what would run and why, and runs nothing', async () => {
    const cli = createRecordingCli(repositoryOf(TWO));

    const { exitCode, stdout } = await runCli(cli, 'run', '--list');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^web: clone → test\n {2}.*\n[\s\S]*^api: clone → test → build\n[\s\S]*^docs: nothing\n {2}skipped/m,
    );
    expect(cli.opened).toEqual([]);
  });

  test('prints the PipelineRun on a dry run, and runs nothing', async () => {
    const cli = createRecordingCli(repositoryOf(ONE));

    const { exitCode, stdout } = await runCli(cli, 'run', 'test', '--dry-run');

    expect(exitCode).toBe(0);
    const [task] = (load(stdout) as PipelineRun).spec.pipelineSpec.tasks.filter((one) => 'taskSpec' in one);
    expect(task?.taskSpec.steps.map(({ name }) => name)).toEqual(['clone', 'test']);
    expect(cli.opened).toEqual([]);
  });

  test('reads the toolchain from what git knows, not from what it ignores', async () => {
    const root = repositoryOf({
      '.tekton-ci.yml': '',
      '.gitignore': 'go.mod',
      'package.json': '{"scripts":{"test":"x"}}',
    });
    write(root, { 'go.mod': 'module example.com/x\n\ngo 1.25\n' });

    const { stdout } = await runCli(createRecordingCli(root), 'run', '--list');

    expect(stdout).toMatch(/Node \d+/);
    expect(stdout).not.toMatch(/Go 1/);
  });

  test('prints the problems of the config, with exit code 2', async () => {
    const cli = createRecordingCli(repositoryOf({ '.tekton-ci.yml': 'tset: x\n' }));

    const { exitCode, stderr } = await runCli(cli, 'run');

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^\.tekton-ci\.yml:1:1: .*tset/);
  });

  test('leaves nothing behind, in the repository or outside', async () => {
    const root = repositoryOf(ONE);
    const before = fingerprint(root);
    const cli = createRecordingCli(root);

    await runCli(cli, 'run');

    expect(fingerprint(root)).toEqual(before);
    expect(existsSync(workDirectory(cli))).toBe(false);
  });

  test('keeps the work directory when told, and says where', async () => {
    const cli = createRecordingCli(repositoryOf(ONE));

    const { stderr } = await runCli(cli, 'run', '--keep');

    expect(stderr).toBe(`kept: ${workDirectory(cli)}\n`);
    expect(readdirSync(workDirectory(cli))).toContain('source.git');
    expect(cli.opened[0]).toMatchObject({ keepWork: true });
    rmSync(workDirectory(cli), { recursive: true });
  });

  test.each([
    ['SIGINT', 130, 'Ctrl-C'],
    ['SIGTERM', 143, 'SIGTERM'],
  ] as const)('cancels in an orderly way on %s, with exit code %i', async (signal, expected, why) => {
    const engine = createFakeEngine({ test: { log: ['started\n'], hang: 'until cancelled' } });
    const cli = createRecordingCli(repositoryOf(TWO), { engine });
    const running = runCli(cli, 'run');
    await logged(cli, 'started');

    cli.send(signal);

    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(expected);
    expect(stdout).toContain(`Cancelled by you: ${why}`);
    expect(stdout).not.toContain('project api');
    expect(engine.calls.slice(1)).toEqual([`cancel by you: ${why}`, 'close']);
    expect(existsSync(workDirectory(cli))).toBe(false);
    expect(cli.send(signal)).toBe(false);
  });

  test('ends everything at once on the second Ctrl-C', async () => {
    const engine = createFakeEngine({ test: { log: ['started\n'], hang: 'until killed' } });
    const cli = createRecordingCli(repositoryOf(ONE), { engine });
    const running = runCli(cli, 'run');
    await logged(cli, 'started');

    cli.send('SIGINT');
    cli.send('SIGINT');

    expect(await running).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('Ctrl-C again') });
    expect(engine.calls.slice(1)).toEqual(['cancel by you: Ctrl-C', 'kill', 'close']);
    expect(existsSync(workDirectory(cli))).toBe(false);
  });
});

function workDirectory(cli: RecordingCli): string {
  return dirname(cli.opened[0]?.directory ?? join('/', 'never', 'opened'));
}

async function logged(cli: RecordingCli, text: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!cli.output.stdout().includes(text)) {
    if (Date.now() > deadline) throw new Error(`"${text}" was never printed`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
