import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import type { CheckState } from '../github/check-store.ts';
import { completed, nodeProject, shellProject, startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

describe('a push', () => {
  test('goes from queued to success, with a stage table and a page that shows the logs', async () => {
    const repository = await world.repository('success');

    const { sha, delivery } = await world.github.pushFiles(repository, {
      files: nodeProject('setTimeout(() => console.log("all is well <b>"), 1000);'),
      message: 'Make it well',
    });
    const [check] = await world.until(repository, sha, completed);

    expect((await delivery)?.statusCode).toBe(200);
    expect(check).toMatchObject({
      name: 'tekton-ci',
      conclusion: 'success',
      externalId: expect.stringMatching(/^success-/),
    });
    expect([...new Set(check?.history.map(({ status }) => status))]).toEqual([
      'queued',
      'in_progress',
      'completed',
    ]);
    expect(check?.summary).toMatch(
      /\| clone \| ✅ succeeded \| [\d.]+ s \|\n\| test \| ✅ succeeded \| [\d.]+ s \|/,
    );
    const page = await fetch(check?.detailsUrl ?? '');
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('all is well &lt;b&gt;');
    expect(html).not.toContain('all is well <b>');
    expect((await fetch(`${check?.detailsUrl}x`)).status).toBe(404);
  });

  test('with a failing test tells the exit code and the first lines of the log', async () => {
    const repository = await world.repository('failure');

    const { sha } = await world.github.pushFiles(repository, {
      files: nodeProject('console.log("expected 1 to be 2"); process.exit(3);'),
    });
    const [check] = await world.until(repository, sha, completed);

    expect(check).toMatchObject({ conclusion: 'failure', title: 'test failed with exit code 3' });
    expect(check?.summary).toContain('expected 1 to be 2');
    expect(check?.summary).toContain('| test | ❌ failed with exit code 3 |');
    expect(check?.summary).toContain('`npx tekton-ci run test`');
  });

  test('with a failing test whose tool is understood names it, and says so at its line', async () => {
    const repository = await world.repository('understood');
    const log = [
      '--- FAIL: TestRouter (0.00s)',
      '    router_test.go:3: got 404',
      'FAIL',
      'FAIL\tx/api/router\t0.1s',
      'FAIL',
    ];

    const { sha } = await world.github.pushFiles(repository, {
      files: {
        ...shellProject('cat log.txt; exit 1'),
        'log.txt': log.join('\n'),
        'router/router_test.go': 'package router\n\n// three\n',
      },
    });
    const [check] = await world.until(repository, sha, completed);

    expect(check).toMatchObject({ conclusion: 'failure', title: 'test failed: TestRouter' });
    expect(check?.annotations).toMatchObject([
      { path: 'router/router_test.go', start_line: 3, annotation_level: 'failure', title: 'TestRouter' },
    ]);
  });

  test('with a report of its tests names what failed by that, which is folded in the log', async () => {
    const repository = await world.repository('reported');
    const xml =
      '<testsuite name="s"><testcase classname="Router" name="finds" file="src/router.rb" line="2"><failure message="got 404"/></testcase></testsuite>';

    const { sha } = await world.github.pushFiles(repository, {
      files: {
        '.tekton-ci.yml': dump({
          use: 'alpine:3.22',
          test: {
            commands: ['cp given.xml out.xml; touch out.xml; echo "1 of 9 failed"; exit 1'],
            report: 'out.xml',
          },
        }),
        'given.xml': xml,
        'src/router.rb': '# one\n# two\n',
      },
    });
    const [check] = await world.until(repository, sha, completed);

    expect(check).toMatchObject({ conclusion: 'failure', title: 'test failed: Router.finds' });
    expect(check?.annotations).toMatchObject([
      { path: 'src/router.rb', start_line: 2, title: 'Router.finds' },
    ]);
    expect(check?.summary).toContain('1 of 9 failed');
    expect(check?.summary).not.toContain('testsuite');
  });

  test('with an invalid config fails at once, with an annotation on each wrong line', async () => {
    const repository = await world.repository('invalid');

    const { sha } = await world.github.pushFiles(repository, {
      files: { '.tekton-ci.yml': 'node: 24\ntset: npm test\ntimeout: soon\n' },
    });
    const [check] = await world.until(repository, sha, completed);

    expect(check).toMatchObject({ conclusion: 'failure', title: '.tekton-ci.yml has 2 problems' });
    expect(
      check?.annotations.map(({ path, start_line, annotation_level }) => [
        path,
        start_line,
        annotation_level,
      ]),
    ).toEqual([
      ['.tekton-ci.yml', 2, 'failure'],
      ['.tekton-ci.yml', 3, 'failure'],
    ]);
    expect(check?.annotations[0]?.message).toContain('test');
    const page = await fetch(check?.detailsUrl ?? '');
    expect(await page.text()).toContain('.tekton-ci.yml:2:1');
  });

  test('without a config posts nothing', async () => {
    const repository = await world.repository('silent');

    const { sha, delivery } = await world.github.pushFiles(repository, { files: { 'a.txt': 'a' } });

    expect((await delivery)?.statusCode).toBe(200);
    expect(world.github.checks(repository, sha)).toEqual([]);
  });

  test('of a tag runs under a name of its own', async () => {
    const repository = await world.repository('tagged');
    const { sha } = await world.github.pushFiles(repository, {
      files: nodeProject('console.log("tag is " + process.env.TAG);'),
      branch: 'main',
    });
    await world.until(repository, sha, completed);

    await world.github.push(repository, { tag: 'v1.2.0', sha });
    const name = 'tekton-ci (tag v1.2.0)';
    const checks = await world.until(repository, sha, (all) =>
      all.some((check) => check.name === name && check.status === 'completed'),
    );

    const check = checks.find((candidate) => candidate.name === name);
    expect(check?.conclusion).toBe('success');
    expect(await (await fetch(check?.detailsUrl ?? '')).text()).toContain('tag is v1.2.0');
  });

  test('that asks to be skipped ends as skipped, with the reason', async () => {
    const repository = await world.repository('skipped');

    const { sha } = await world.github.pushFiles(repository, {
      files: shellProject('exit 0'),
      message: 'Mend a typo [skip ci]',
    });
    const [check] = await world.until(repository, sha, completed);

    expect(check).toMatchObject({ conclusion: 'skipped', title: 'Skipped' });
    expect(check?.summary).toContain('skip ci');
  });

  test('of a version list runs the tests once for each version', async () => {
    const repository = await world.repository('versions');

    const { sha } = await world.github.pushFiles(repository, {
      files: nodeProject('console.log("ran");', 'node: [22, 24]\n'),
    });
    const [check] = await world.until(repository, sha, completed);

    expect(check?.conclusion).toBe('success');
    expect(check?.summary).toContain('| test 22 | ✅ succeeded |');
    expect(check?.summary).toContain('| test 24 | ✅ succeeded |');
  });

  test('of a branch whose name is hostile runs, and executes nothing of it', async () => {
    const repository = await world.repository('hostile');
    const branch = '$(touch$IFS/tmp/pwned)`id`';

    const { sha } = await world.github.pushFiles(repository, {
      files: nodeProject('console.log("branch is " + process.env.BRANCH);'),
      branch,
    });
    const [check] = await world.until(repository, sha, completed);

    expect(check?.conclusion).toBe('success');
    const [log] = await logs(world.data, check?.externalId ?? '', 'test.log');
    expect(log).toContain(`branch is ${branch}`);
  });
});

describe('a repository of three projects', () => {
  const project = (name: string) =>
    Object.fromEntries(
      Object.entries(nodeProject(`console.log("${name}");`)).map(([file, text]) => [`${name}/${file}`, text]),
    );
  const config = 'projects:\n  api: {}\n  web: { watch: [libs/**] }\n  docs: {}\n';

  test('runs the one that changed, and the gate tells of all', async () => {
    const repository = await world.repository('monorepo');
    const files = { ...project('api'), ...project('web'), ...project('docs'), '.tekton-ci.yml': config };
    const first = await world.github.pushFiles(repository, { files });
    const all = await world.until(repository, first.sha, completed);
    expect(conclusions(all)).toEqual({
      'tekton-ci': 'success',
      'tekton-ci / api': 'success',
      'tekton-ci / docs': 'success',
      'tekton-ci / web': 'success',
    });

    const { sha } = await world.github.pushFiles(repository, { files: { 'libs/a.js': '1' }, branch: 'main' });
    const checks = await world.until(repository, sha, completed);

    expect(conclusions(checks)).toEqual({ 'tekton-ci': 'success', 'tekton-ci / web': 'success' });
    const gate = checks.find(({ name }) => name === 'tekton-ci');
    expect(gate?.title).toBe('1 project succeeded');
    expect(gate?.summary).toMatch(/\| api \| skipped.*no file under api\/ changed/);
    expect((await fetch(gate?.detailsUrl ?? '')).status).toBe(200);
  });

  test('ends its gate as skipped when nothing concerns any of them', async () => {
    const repository = await world.repository('untouched');
    const files = { ...project('api'), '.tekton-ci.yml': 'projects:\n  api: {}\n' };
    const first = await world.github.pushFiles(repository, { files });
    await world.until(repository, first.sha, completed);

    const { sha } = await world.github.pushFiles(repository, { files: { 'README.md': 'words' } });
    const [gate] = await world.until(repository, sha, completed);

    expect(gate).toMatchObject({ name: 'tekton-ci', conclusion: 'skipped', title: 'Nothing to run' });
  });
});

function conclusions(checks: readonly CheckState[]): Record<string, string | null> {
  return Object.fromEntries(checks.map(({ name, conclusion }) => [name, conclusion]));
}

/** The stored logs of a run whose file has that name. */
async function logs(data: string, run: string, file: string): Promise<string[]> {
  const directory = join(data, 'logs', run);
  const names = (await readdir(directory)).filter((name) => name === file);
  return Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
}
