import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedRepository } from '../github/repositories.ts';
import { storedRuns } from './stored-runs.ts';
import { type Condition, completed, ENDLESS, shellProject, startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const running: Condition = (checks) => checks.some(({ status }) => status === 'in_progress');
/** A pull request that is tested, ready to be put into the queue. */
async function readyPull(name: string, files: Readonly<Record<string, string>>, message = 'A change') {
  const { github } = world;
  const repository = await world.repository(name);
  const { sha: base } = await github.pushFiles(repository, { files });
  await world.until(repository, base, completed);
  const sha = await github.commit(repository, { files: { 'README.md': 'x' }, parents: [base], message });
  await github.push(repository, { branch: 'feature', sha });
  await world.until(repository, sha, completed);
  const { number, delivery } = await github.openPullRequest(repository, { head: 'feature' });
  await delivery;
  return { repository, number, base, sha };
}

/** Fails unless it is asked by a merge queue or the default branch. */
const AGAIN = `case "$BRANCH" in gh-readonly-queue/*) echo queued;; *) echo "$BRANCH";; esac`;

describe('a merge queue', () => {
  test('gets its verdict on a commit of its own, and the merged commit is published', async () => {
    const { github } = world;
    const { repository, number } = await readyPull('merged', shellProject(AGAIN));

    const group = await github.queue(repository, number);
    const [verified] = await world.until(repository, group.sha, completed);
    await github.dequeue(group, 'merged');
    const both = await world.until(
      repository,
      group.sha,
      (checks) => checks.length === 2 && completed(checks),
    );

    expect((await group.delivery)?.statusCode).toBe(200);
    expect(verified).toMatchObject({ name: 'tekton-ci', conclusion: 'success' });
    expect(both.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['tekton-ci', 'success'],
      ['tekton-ci', 'success'],
    ]);
    expect(storedRuns(world.data, 'merged')).toHaveLength(4);
  });

  test.each(['dequeued', 'invalidated'] as const)('ends what runs when it was %s', async (reason) => {
    const { github } = world;
    const files = shellProject(`case "$BRANCH" in gh-readonly-queue/*) ${ENDLESS};; esac`);
    const { repository, number } = await readyPull(reason, files);
    const group = await github.queue(repository, number);
    await world.until(repository, group.sha, running);

    await github.dequeue(group, reason);
    const [check] = await world.until(repository, group.sha, completed);

    expect(check).toMatchObject({
      conclusion: 'cancelled',
      title: 'Cancelled by tekton-ci: the merge queue does not want it any more',
    });
  });

  test('tests every project, whatever changed and whatever the message says', async () => {
    const { github } = world;
    const config = 'use: alpine:3.22\ntest: echo tested\nprojects:\n  api: {}\n  web: {}\n';
    const files = { '.tekton-ci.yml': config, 'api/a': '', 'web/a': '' };
    const { repository, number, sha } = await readyPull('projects', files, 'Words [skip ci]');
    expect(github.checks(repository, sha)).toMatchObject([{ conclusion: 'skipped' }]);

    const group = await github.queue(repository, number);
    const checks = await untilNamed(repository, group.sha, 3);

    expect(checks).toEqual(['tekton-ci', 'tekton-ci / api', 'tekton-ci / web']);
  });

  test('is refused a commit that lost its config', async () => {
    const { github } = world;
    const { repository, number, base } = await readyPull('lost', shellProject('echo tested'));
    const without = await github.commit(repository, { files: { '.tekton-ci.yml': null }, parents: [base] });
    await github.push(repository, { branch: 'feature', sha: without });

    const group = await github.queue(repository, number);
    const [gate] = await world.until(repository, group.sha, completed);

    expect(gate).toMatchObject({ name: 'tekton-ci', conclusion: 'failure' });
  });
});

/** Names of the commit's checks, once there are so many and all are green. */
async function untilNamed(repository: CreatedRepository, sha: string, number: number): Promise<string[]> {
  const isGreen: Condition = (checks) =>
    checks.length === number && checks.every(({ conclusion }) => conclusion === 'success');
  return (await world.until(repository, sha, isGreen)).map(({ name }) => name).sort();
}
