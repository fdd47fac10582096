import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import {
  approveWords,
  type ForkPull,
  forkOf,
  openForkPull,
  pushWhileApproved,
  sayOn,
  WAITING,
} from '../e2e/fork-world.ts';
import { REFUSED, UNHEARD } from '../e2e/refused-approvals.ts';
import type { CheckState } from '../github/check-store.ts';
import { ended, taskNames, thereIs } from './ended-run.ts';
import { LAYOUTS, startWorld, type World } from './world.ts';

const COLLABORATORS = { tina: 'triage', octo: 'write' } as const;

describe.each(LAYOUTS)('in the layout %s', (layout) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ layout });
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  /** A repository whose default branch says how to test, and a stranger's pull request into it. */
  async function forked(name: string, test: string): Promise<ForkPull> {
    const { github } = world;
    const repository = await world.repository(name, COLLABORATORS);
    const { sha: base } = await github.pushFiles(repository, { files: project(world, test) });
    const fork = await forkOf(github, repository, 'mona');
    const files = { 'a.txt': 'a' };
    return openForkPull(github, { repository, fork, base, sender: 'mona', branch: 'patch', files });
  }

  /** A newer commit of the stranger's. */
  async function pushFork({ fork, sha }: ForkPull, text: string): Promise<string> {
    const { github } = world;
    const newer = await github.commit(fork, { files: { 'a.txt': text }, parents: [sha] });
    await github.push(fork, { branch: 'patch', sha: newer, sender: 'mona' });
    await github.waitForDeliveries();
    return newer;
  }

  describe('no pod is made by an approval', () => {
    let pull: ForkPull;
    let older: string;

    beforeAll(async () => {
      pull = await forked('refused', 'echo tested');
      older = pull.sha;
      pull = { ...pull, sha: await pushFork(pull, 'evil') };
    });

    async function expectNothing(): Promise<void> {
      expect(await thereIs(world, older)).toEqual([]);
      expect(await thereIs(world, pull.sha)).toEqual([]);
      expect(world.github.checks(pull.repository, pull.sha)).toMatchObject([WAITING]);
    }

    test.each(REFUSED)('%s, which is told why', async (_what, words, sender, answer) => {
      const replies = await sayOn(world.github, pull, { body: words({ ...pull, older }), sender });

      expect(replies).toEqual([expect.stringMatching(answer)]);
      await expectNothing();
    });

    test.each(UNHEARD)('%s, which is not heard', async (_what, words, sender) => {
      const replies = await sayOn(world.github, pull, { body: words({ ...pull, older }), sender });

      expect(replies).toEqual([]);
      await expectNothing();
    });

    test('of a comment that was edited into one', async () => {
      const { github } = world;
      const { id, delivery } = github.comment(pull.repository, pull.number, { body: 'Hm', sender: 'octo' });
      await delivery;

      await github.editComment(id, approveWords(pull.sha)).delivery;

      await expectNothing();
    });

    test('of a button on the check of an older commit', async () => {
      const [check] = world.github.checks(pull.repository, older);

      await world.github.pressButton(check?.id ?? 0, `approve-${pull.number}`, 'octo');

      await expectNothing();
    });

    test('of the author, by the button', async () => {
      const [check] = world.github.checks(pull.repository, pull.sha);

      await world.github.pressButton(check?.id ?? 0, `approve-${pull.number}`, 'mona');

      await expectNothing();
    });

    test('of a commit that was followed by another between look and click', async () => {
      const newer = await pushWhileApproved(world.github, pull, 'octo');

      await expectNothing();
      expect(await thereIs(world, newer)).toEqual([]);
      pull = { ...pull, sha: newer };
    });

    test('but by one of the newest commit, of somebody with write access', async () => {
      await sayOn(world.github, pull, { body: approveWords(pull.sha), sender: 'octo' });

      const { check, pods } = await ended(world, pull);

      expect(check).toMatchObject({ conclusion: 'success' });
      expect(pods.length).toBeGreaterThan(0);
    });
  });

  test("the tip of somebody's branch keeps its run and its check when a stranger offers it as a pull request", async () => {
    const { github } = world;
    const { repository, fork, base } = await forked('tip', 'echo tested');
    const feature = await github.commit(repository, { files: { f: '1' }, parents: [base] });
    await github.push(repository, { branch: 'feature', sha: feature });
    const trusted = await ended(world, { repository, sha: feature });

    await github.push(fork, { branch: 'stolen', sha: feature, sender: 'mona' });
    const asked = { head: 'stolen', fork, sender: 'mona' };
    const { number, delivery } = await github.openPullRequest(repository, asked);
    await delivery;
    await sayOn(github, { repository, number }, { body: approveWords(feature) });

    expect(github.checks(repository, feature)).toMatchObject([
      { id: trusted.check.id, conclusion: 'success' },
    ]);
    expect(await runsOf(world, feature)).toEqual(['trusted']);
  });

  test("a branch's own config gives it no deploy", async () => {
    const { github } = world;
    const deploy = { to: 'production', commands: 'kubectl create configmap stolen', only: '**' };
    const repository = await world.repository('deploying');
    const { sha: base } = await github.pushFiles(repository, { files: project(world, 'echo tested') });
    const files = project(world, 'echo tested', { deploy });
    const sha = await github.commit(repository, { files, parents: [base] });

    await github.push(repository, { branch: 'feature', sha });
    const run = await ended(world, { repository, sha });

    expect(run.check).toMatchObject({ conclusion: 'success' });
    expect(run.check.summary).toMatch(/deploy production: no/);
    expect(taskNames(run)).toEqual(layout === 'pod' ? ['ci'] : ['clone', 'test']);
    const maps = await world.kubernetes.list(world.at('v1/configmaps'));
    expect(maps.map(({ metadata }) => metadata.name)).not.toContain('stolen');
  });

  test.each([
    ['first', [1, 0]],
    ['last', [0, 1]],
  ])('a weaker base branch whitens nothing for another one, approved %s', async (when, order) => {
    const { github } = world;
    const pull = await forked(`weak-${when}`, 'exit 1');
    const { repository, fork, sha } = pull;
    const weak = await github.commit(repository, {
      files: project(world, 'echo fine'),
      parents: [pull.base],
    });
    await (await github.push(repository, { branch: 'weak', sha: weak })).delivery;
    const other = await github.openPullRequest(repository, {
      head: 'patch',
      fork,
      sender: 'mona',
      base: 'weak',
    });
    await other.delivery;
    const numbers = [pull.number, other.number];

    const conclusions: (string | null)[] = [];
    for (const index of order) {
      const before = newestId(github.checks(repository, sha));
      await sayOn(github, { repository, number: numbers[index] ?? 0 }, { body: approveWords(sha) });
      const check = await world.check(pull, ({ id, status }) => id > before && status === 'completed');
      conclusions.push(check.conclusion);
    }

    expect(conclusions).not.toContain('success');
    expect(conclusions.at(-1)).toBe('failure');
    expect(await runsOf(world, sha)).toEqual(['untrusted', 'untrusted']);
  });
});

/** What decides is in the config alone, which a stranger cannot change. */
function project({ settings }: World, test: string, more: object = {}): Record<string, string> {
  return { '.tekton-ci.yml': dump({ use: settings.shell, test, ...more }) };
}

const newestId = (checks: readonly CheckState[]) => Math.max(0, ...checks.map(({ id }) => id));

/** How much each run of a commit is trusted. */
async function runsOf({ kubernetes, at }: World, sha: string): Promise<string[]> {
  const labelSelector = `tekton-ci.dev/sha=${sha}`;
  const runs = await kubernetes.list(at('tekton.dev/v1/pipelineruns'), { labelSelector });
  return runs.map(({ metadata }) => metadata.labels['tekton-ci.dev/trust']);
}
