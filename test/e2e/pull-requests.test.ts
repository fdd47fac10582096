import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Delivery } from '../github/deliveries.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { storedRuns } from './stored-runs.ts';
import {
  type Condition,
  completed,
  ENDLESS,
  holdCommand,
  shellProject,
  startWorld,
  type World,
} from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

/** A repository whose default branch has a project, and whose first run has ended. */
async function ready(name: string, files = shellProject('echo tested')) {
  const repository = await world.repository(name);
  const { sha: base } = await world.github.pushFiles(repository, { files });
  await world.until(repository, base, completed);
  return { repository, base };
}

/** A commit of `feature` that nobody was told of. */
async function commitFeature(repository: CreatedRepository, parent: string, files = {}): Promise<string> {
  const sha = await world.github.commit(repository, { files: { a: parent, ...files }, parents: [parent] });
  return sha;
}

const operations = () => world.github.requests.map(({ operation }) => operation);
const status = (delivery: Delivery | null) => delivery?.statusCode;
const running: Condition = (checks) => checks.some(({ status }) => status === 'in_progress');

describe('a pull request of a branch', () => {
  test('that is opened for a commit with a run costs no request and makes nothing', async () => {
    const { github } = world;
    const { repository, base } = await ready('opened');
    const sha = await commitFeature(repository, base);
    await (await github.push(repository, { branch: 'feature', sha })).delivery;
    await world.until(repository, sha, completed);
    github.resetRequests();

    const { number, delivery } = await github.openPullRequest(repository, { head: 'feature', draft: true });
    const answers = [status(await delivery)];
    for (const change of [{ kind: 'ready' }, { kind: 'retitle', title: 'x' }, { kind: 'close' }] as const) {
      answers.push(status(await (await github.changePullRequest(repository, number, change)).delivery));
    }
    const reopened = await github.changePullRequest(repository, number, { kind: 'reopen' });
    answers.push(status(await reopened.delivery));
    await github.waitForDeliveries();

    expect(answers).toEqual([200, 200, 200, 200, 200]);
    expect(operations()).toEqual([]);
    expect(github.checks(repository, sha)).toMatchObject([{ conclusion: 'success' }]);
  });

  test.each([
    ['push', ['push', 'pull_request']],
    ['pull request', ['pull_request', 'push']],
  ])('and its push share one run, the %s first', async (first, order) => {
    const { github } = world;
    const { repository, base } = await ready(`shared-${first.replace(' ', '-')}`);
    const sha = await commitFeature(repository, base);
    const lost = await undelivered(async () => {
      await github.push(repository, { branch: 'feature', sha });
      await github.openPullRequest(repository, { head: 'feature' });
    });

    for (const event of order) {
      const { id } = lost.find((delivery) => delivery.event === event) ?? { id: 0 };
      expect(status(await github.redeliver(id))).toBe(200);
    }
    await world.until(repository, sha, completed);
    for (const { id } of lost) await github.redeliver(id);

    expect(github.checks(repository, sha)).toMatchObject([{ name: 'tekton-ci', conclusion: 'success' }]);
    expect(storedRuns(world.data, repository.name)).toHaveLength(2);
  });

  test('runs by itself when its push was never heard of', async () => {
    const { github } = world;
    const { repository, base } = await ready('unheard');
    const sha = await commitFeature(repository, base);
    await undelivered(() => github.push(repository, { branch: 'feature', sha }));

    await github.openPullRequest(repository, { head: 'feature', draft: true });
    const [check] = await world.until(repository, sha, completed);

    expect(check?.conclusion).toBe('success');
  });

  test('whose commit lost its config fails, while a mere push of it posts nothing', async () => {
    const { github } = world;
    const { repository, base } = await ready('unconfigured');
    const sha = await commitFeature(repository, base, { '.tekton-ci.yml': null });
    await (await github.push(repository, { branch: 'feature', sha })).delivery;
    expect(github.checks(repository, sha)).toEqual([]);

    await (await github.openPullRequest(repository, { head: 'feature' })).delivery;
    const [gate] = await world.until(repository, sha, completed);

    expect(gate).toMatchObject({ name: 'tekton-ci', conclusion: 'failure' });
    expect(gate?.summary).toContain('merge main, which has one');
  });

  test('has its older commit cancelled by a newer one, and its last one with its branch', async () => {
    const { github } = world;
    const { repository, base } = await ready('moved', shellProject('echo tested'));
    const older = await commitFeature(repository, base, shellProject(ENDLESS));
    await github.push(repository, { branch: 'feature', sha: older });
    const { number } = await github.openPullRequest(repository, { head: 'feature' });
    await world.until(repository, older, running);

    const newer = await commitFeature(repository, older);
    await github.push(repository, { branch: 'feature', sha: newer });
    const [superseded] = await world.until(repository, older, completed);
    await world.until(repository, newer, running);
    await github.changePullRequest(repository, number, { kind: 'close' });
    await github.waitForDeliveries();
    const whileClosed = github.checks(repository, newer)[0]?.status;
    await github.push(repository, { branch: 'feature', sha: null });
    const [deleted] = await world.until(repository, newer, completed);

    expect(superseded).toMatchObject({
      conclusion: 'cancelled',
      title: `Cancelled by tekton-ci: superseded by ${newer.slice(0, 7)}, a newer commit on feature`,
    });
    expect(whileClosed).toBe('in_progress');
    expect(deleted).toMatchObject({
      conclusion: 'cancelled',
      title: 'Cancelled by tekton-ci: the branch feature was deleted',
    });
  });

  test('keeps its run when it is to be merged into another branch', async () => {
    const { github } = world;
    const { repository, base } = await ready('retargeted');
    const sha = await commitFeature(repository, base);
    await (await github.push(repository, { branch: 'release', sha: base })).delivery;
    await github.push(repository, { branch: 'feature', sha });
    const { number } = await github.openPullRequest(repository, { head: 'feature' });
    await world.until(repository, sha, completed);
    await github.waitForDeliveries();
    github.resetRequests();

    const change = { kind: 'retarget', base: 'release' } as const;
    const { delivery } = await github.changePullRequest(repository, number, change);

    expect(status(await delivery)).toBe(200);
    expect(operations()).toEqual([]);
  });
});

test('a repository that is renamed while it runs gets its check at its new address', async () => {
  const { github } = world;
  const { repository, base } = await ready('before');
  const held = holdCommand(join(world.data, 'renaming'));
  const sha = await commitFeature(repository, base, shellProject(held.command));
  await github.push(repository, { branch: 'feature', sha });
  await held.begun();

  await github.renameRepository(repository, 'after');
  await held.letGo();
  const [check] = await world.until({ ...repository, fullName: 'acme/after' }, sha, completed);
  const next = await github.pushFiles('acme/after', { files: { b: '1' } });
  const [own] = await world.until({ ...repository, fullName: 'acme/after' }, next.sha, completed);

  expect(check).toMatchObject({ conclusion: 'success' });
  expect(own?.conclusion).toBe('success');
});

/** The first deliveries of some work, none of which arrives. */
async function undelivered(work: () => Promise<unknown>): Promise<Delivery[]> {
  const { github, server } = world;
  await github.waitForDeliveries();
  const before = github.deliveries.length;
  github.setWebhook('http://127.0.0.1:1/');
  await work();
  await github.waitForDeliveries();
  github.setWebhook(server.webhookUrl);
  return github.deliveries.slice(before);
}
