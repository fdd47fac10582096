import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedRepository } from '../github/repositories.ts';
import { describeChecks, startUnsteadyWorld, type UnsteadyWorld } from './unsteady-world.ts';
import { completed, ENDLESS, shellProject } from './world.ts';

const execute = promisify(execFile);

let world: UnsteadyWorld;

beforeAll(async () => {
  world = await startUnsteadyWorld({ TEKTON_CI_SWEEP_INTERVAL: '1' });
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

async function until(repository: CreatedRepository, sha: string, condition = completed): Promise<void> {
  const checks = () => world.github.checks(repository, sha);
  await world.until(
    () => condition(checks()),
    () => describeChecks(checks()),
  );
}

const ENDLESS_PROJECT = shellProject(ENDLESS);

describe('no event is lost', () => {
  test('a push while the server is down is delivered when it is up again', async () => {
    const repository = await world.repository('down');
    await world.kill();
    const { sha, delivery } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    expect((await delivery)?.statusCode).toBe(0);

    await world.start();
    await until(repository, sha);

    expect(world.github.checks(repository, sha).map(({ conclusion }) => conclusion)).toEqual(['success']);
  });

  test('four tags in one push, of which GitHub tells nothing, are found and run', async () => {
    const repository = await world.repository('four-tags');
    const { sha } = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    await until(repository, sha);
    const { login, password } = world.github.developer;
    const url = repository.cloneUrl.replace('//', `//${login}:${password}@`);
    const work = await mkdtemp(join(tmpdir(), 'tekton-ci-tags-'));
    await execute('git', ['clone', '--quiet', url, work]);
    for (const tag of ['v1', 'v2', 'v3', 'v4']) await execute('git', ['-C', work, 'tag', tag]);
    await execute('git', ['-C', work, 'push', '--quiet', '--tags']);
    await rm(work, { recursive: true });

    // Its first look at heads comes two sweeps after the start.
    await world.kill();
    await world.start();
    const tagged = () => world.github.checks(repository, sha).filter(({ name }) => name.includes('tag'));
    await world.until(
      () => tagged().length === 4 && tagged().every(({ status }) => status === 'completed'),
      () => describeChecks(world.github.checks(repository, sha)),
    );

    expect(
      tagged()
        .map(({ name, conclusion }) => [name, conclusion])
        .sort(),
    ).toEqual(['v1', 'v2', 'v3', 'v4'].map((tag) => [`tekton-ci (tag ${tag})`, 'success']));
  });

  test('a check whose run is lost with the data of the server is closed', async () => {
    const repository = await world.repository('lost');
    const { sha } = await world.github.pushFiles(repository, { files: ENDLESS_PROJECT });
    await until(repository, sha, (checks) => checks.some(({ status }) => status === 'in_progress'));
    await world.kill();
    // What the step's own processes write may still come.
    await rm(world.data, { recursive: true, maxRetries: 20, retryDelay: 100 });

    await world.start();
    await until(repository, sha);

    expect(world.github.checks(repository, sha)).toMatchObject([
      { conclusion: 'cancelled', title: 'The run is lost' },
    ]);
  });

  test('what was delivered is not listed again at every start', async () => {
    await world.github.waitForDeliveries();
    await world.kill();
    world.github.resetRequests();
    await world.start();
    const list = { match: 'apps/list-webhook-deliveries' };
    await world.until(
      () => world.github.countRequests(list) > 0,
      () => 'no list',
    );

    expect(world.github.countRequests({ match: 'apps/redeliver-webhook-delivery' })).toBe(0);
    expect(world.github.countRequests(list)).toBeLessThanOrEqual(2);
  });
});

describe('a newer commit', () => {
  test('cancels the older verify run of its branch, and its check says by which commit', async () => {
    const repository = await world.repository('superseded');
    const base = await world.github.commit(repository, { files: { 'README.md': '' } });
    await world.github.push(repository, { branch: 'main', sha: base });
    const older = await world.github.commit(repository, { files: ENDLESS_PROJECT, parents: [base] });
    await world.github.push(repository, { branch: 'feature', sha: older });
    await until(repository, older, (checks) => checks.some(({ status }) => status === 'in_progress'));

    const newer = await world.github.commit(repository, { files: shellProject('exit 0'), parents: [older] });
    await world.github.push(repository, { branch: 'feature', sha: newer });
    await until(repository, older);
    await until(repository, newer);

    expect(world.github.checks(repository, older)).toMatchObject([
      {
        conclusion: 'cancelled',
        title: `Cancelled by tekton-ci: superseded by ${newer.slice(0, 7)}, a newer commit on feature`,
      },
    ]);
    expect(world.github.checks(repository, newer)).toMatchObject([{ conclusion: 'success' }]);
  });

  test('leaves a publish run alone; a branch that is deleted takes its run with it', async () => {
    const repository = await world.repository('deleted');
    const first = await world.github.pushFiles(repository, {
      files: shellProject('sleep 1.5'),
    });
    await until(repository, first.sha, (checks) => checks.some(({ status }) => status === 'in_progress'));
    const second = await world.github.pushFiles(repository, { files: shellProject('exit 0') });
    const third = await world.github.commit(repository, { files: ENDLESS_PROJECT, parents: [first.sha] });
    await world.github.push(repository, { branch: 'gone', sha: third });
    await until(repository, third, (checks) => checks.some(({ status }) => status === 'in_progress'));

    await world.github.push(repository, { branch: 'gone', sha: null });
    for (const sha of [first.sha, second.sha, third]) await until(repository, sha);

    const conclusions = [first.sha, second.sha, third].map(
      (sha) => world.github.checks(repository, sha)[0]?.conclusion,
    );
    expect(conclusions).toEqual(['success', 'success', 'cancelled']);
  });
});

describe('the metrics', () => {
  test('count what has happened', async () => {
    const page = await fetch(`${world.server().url}/metrics`);

    expect(page.headers.get('content-type')).toContain('version=0.0.4');
    const text = await page.text();
    expect(text).toMatch(/^tekton_ci_deliveries_total\{event="push",outcome="done"\} [1-9]/m);
    expect(text).toMatch(/^tekton_ci_event_to_run_seconds_count [1-9]/m);
    expect(text).toMatch(/^tekton_ci_event_to_check_seconds_count [1-9]/m);
    expect(text).toMatch(
      /^tekton_ci_github_requests_total\{method="POST",route="\/graphql",status="200"\} [1-9]/m,
    );
    expect(text).toMatch(/^tekton_ci_runs\{state="live"\} 0$/m);
    expect(text).toMatch(/^tekton_ci_log_store_bytes [1-9]/m);
    expect(text).not.toContain('superseded');
  });
});
