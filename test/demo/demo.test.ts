import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readProcesses } from '../e2e/processes.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/tekton-ci.js', import.meta.url));

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-ci-demo-test-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the demo', () => {
  test('shows an example pushed, each state of its check, and where to look', async () => {
    const demo = start();

    expect(await demo.exitCode).toBe(0);

    const output = demo.output();
    expect(output).toMatch(/push +acme\/greeter main [0-9a-f]{7}/);
    expect(output).toMatch(/tekton-ci: queued[\s\S]*tekton-ci: in_progress[\s\S]*tekton-ci: success/);
    expect(output).toMatch(/Run page: http:\/\/localhost:\d+\/runs\/greeter-/);
    expect(output.trimEnd().split('\n').at(-1)).toBe('tekton-ci: success');
  });

  test.each([
    ['pull-request', 'docs/guide/pull-requests.md'],
    ['fork', 'docs/guide/forks.md'],
  ])('of a %s shows what its guide has', async (story, guide) => {
    const demo = start(`--${story}`);

    expect(await demo.exitCode).toBe(0);

    const [, after = ''] = readFileSync(guide, 'utf8').split(`$ npm run demo -- --${story}\n`);
    expect(steady(demo.output())).toBe(steady(after.split('```')[0] ?? ''));
  });

  test.each([
    [['--fork', '--pull-request'], 'cannot be used with'],
    [['.', '--fork'], 'leave out .'],
  ])('refuses %j', async (words, answer) => {
    const demo = start(...words);

    expect(await demo.exitCode).toBe(2);
    expect(demo.output()).toContain(answer);
  });

  test('runs the HEAD of a repository, and ends with 1 when its check does not succeed', async () => {
    const repository = await makeRepository({ '.tekton-ci.yml': 'use: alpine:3.22\ntest: "exit 7"\n' });

    const demo = start(repository);

    expect(await demo.exitCode).toBe(1);
    expect(demo.output()).toContain('test failed with exit code 7');
    expect(demo.output().trimEnd().split('\n').at(-1)).toBe('tekton-ci: failure');
  });

  test('says what to add to a repository that has no config', async () => {
    const repository = await makeRepository({ 'README.md': 'words' });

    const demo = start(repository);

    expect(await demo.exitCode).toBe(1);
    expect(demo.output()).toContain('no .tekton-ci.yml at its HEAD: commit one');
  });

  test('says that a folder is no repository', async () => {
    const demo = start(tmpdir());

    expect(await demo.exitCode).toBe(1);
    expect(demo.output()).toContain('is not a Git repository with a commit');
  });

  test('keeps the page open when it is asked to stay, and leaves no process behind after Ctrl-C', async () => {
    const demo = start('--stay');
    await demo.until('Ctrl-C ends');
    const url = /Run page: (\S+)/.exec(demo.output())?.[1] ?? '';
    expect((await fetch(url)).status).toBe(200);

    demo.child.kill('SIGINT');

    expect(await demo.exitCode).toBe(0);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(await processesOf(demo.marker)).toBe(0);
  });

  test('interrupted in the middle of a run ends it, and leaves no process behind', async () => {
    const repository = await makeRepository({ '.tekton-ci.yml': 'use: alpine:3.22\ntest: sleep 300\n' });
    const demo = start(repository);
    await demo.until('in_progress');
    expect(await processesOf(demo.marker)).toBeGreaterThan(1);

    demo.child.kill('SIGINT');

    expect(await demo.exitCode).toBe(130);
    expect(await processesOf(demo.marker)).toBe(0);
  });

  test('of a fork is interrupted as well', async () => {
    const demo = start('--fork');
    await demo.until('in_progress');

    demo.child.kill('SIGINT');

    expect(await demo.exitCode).toBe(130);
    expect(await processesOf(demo.marker)).toBe(0);
  });
});

/** Without what is another one each time; how often a check tells of its progress depends on the machine. */
function steady(output: string): string {
  return output
    .trim()
    .replace(/^.* (?:queued|in_progress) .*\n/gm, '')
    .replace(/http:\/\/\S+/g, 'ADDRESS')
    .replace(/\b[0-9a-f]{40}\b/g, 'COMMIT')
    .replace(/\b[0-9a-f]{7}\b/g, 'COMMIT')
    .replace(/ *\d+\.\d s\b/g, ' TIME')
    .replace(/push took \d+/, 'push took SOME');
}

interface RunningDemo {
  readonly child: ChildProcess;
  /** In the `PATH` of everything that this demo starts, and of nothing else. */
  readonly marker: string;
  readonly exitCode: Promise<number | null>;
  output(): string;
  until(text: string): Promise<void>;
}

function start(...words: string[]): RunningDemo {
  const marker = `/marker-${crypto.randomUUID()}`;
  const coverage = process.env.TEKTON_CI_TEST_COVERAGE;
  const child = spawn(process.execPath, [PROGRAM, 'demo', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${process.env.PATH}:${marker}`,
      ...(coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage, TEKTON_CI_TEST_COVERAGE: coverage }),
    },
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += String(data);
      for (const listener of listeners) listener();
    });
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    marker,
    exitCode,
    output: () => output,
    async until(text) {
      const seen = new Promise<void>((resolve) => {
        const look = () => output.includes(text) && resolve();
        listeners.add(look);
        look();
      });
      const ended = exitCode.then((code) => {
        throw new Error(`the demo ended with ${code} before it said "${text}":\n${output}`);
      });
      await Promise.race([seen, ended]);
    },
  };
}

async function processesOf(marker: string): Promise<number> {
  const all = await readProcesses();
  return all.filter(({ environment }) => environment.includes(marker)).length;
}

async function makeRepository(files: Record<string, string>): Promise<string> {
  const repository = await mkdtemp(join(directory, 'repository-'));
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=A', '-c', 'user.email=a@example.com', ...words]);
  git('init', '--quiet', '--initial-branch=main');
  for (const [name, text] of Object.entries(files)) await writeFile(join(repository, name), text);
  git('add', '--all');
  git('commit', '--quiet', '--message=First');
  return repository;
}
