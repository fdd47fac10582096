import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckState } from '../github/check-store.ts';
import { approveWords, type ForkPull, type ForkWorld, startForkWorld, WAITING } from './fork-world.ts';
import { storedRuns } from './stored-runs.ts';
import { type Condition, completed, ENDLESS, shellProject, testLog } from './world.ts';

let world: ForkWorld;

beforeAll(async () => {
  world = await startForkWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const runsOf = (name: string) => storedRuns(world.data, name).length;
const newest = (checks: readonly CheckState[]) => checks.toSorted((one, other) => one.id - other.id).at(-1);
/** The newest check is of a run that has ended. */
const ended: Condition = (checks) => newest(checks)?.conclusion !== 'action_required' && completed(checks);

async function untilRun({ repository, sha }: Pick<ForkPull, 'repository' | 'sha'>) {
  return newest(await world.until(repository, sha, ended));
}

/** Prints what a run could give away, and leaves a mark in the cache. */
const CURIOUS = [
  'echo "secret: [$(printenv NPM_TOKEN)]"',
  'echo "cache: [$(ls $TEKTON_CI_CACHE)]"',
  'touch "$TEKTON_CI_CACHE/mark-of-$COMMIT"',
  'env',
  'cat .git/config',
];

describe("a stranger's pull request", () => {
  test('waits, says what decides about its run, and runs nothing', async () => {
    const change = { '.tekton-ci.yml': 'test: curl evil', Dockerfile: 'FROM evil', 'README.md': 'x' };
    const pull = await world.forked({ name: 'waits', files: shellProject('echo ours'), change });
    const [check] = world.checksOf(pull, pull.sha);

    expect(world.checksOf(pull, pull.sha)).toMatchObject([{ ...WAITING, title: 'Waits for approval' }]);
    expect(check?.actions).toEqual([
      expect.objectContaining({ label: 'Approve and run', identifier: `approve-${pull.number}` }),
    ]);
    expect(check?.summary).toContain(approveWords(pull.sha));
    expect(check?.summary).toContain('.tekton-ci.yml');
    expect(check?.summary).toContain('Dockerfile');
    expect(check?.summary).not.toContain('README');
    expect((await fetch(check?.detailsUrl ?? '')).status).toBe(200);
    expect(runsOf('waits')).toBe(1);
  });

  test.each([false, true])(
    'runs once a comment approves it, with nothing that trusted runs have (private: %s)',
    async (isPrivate) => {
      const name = isPrivate ? 'approved-private' : 'approved';
      const files = shellProject(CURIOUS, 'secrets: [NPM_TOKEN]\n');
      const change = { '.tekton-ci.yml': 'test: echo the config of the fork' };
      const pull = await world.forked({ name, files, change, private: isPrivate });
      const trusted = await testLog(world, newest(world.checksOf(pull, pull.base)));

      const replies = await world.say(pull, approveWords(pull.sha));
      const run = await untilRun(pull);
      const next = await world.github.pushFiles(pull.repository, { files: { b: '1' } });
      const [later] = await world.until(pull.repository, next.sha, completed);

      const log = await testLog(world, run);
      expect(replies).toEqual([]);
      expect(world.github.comments(pull.repository, pull.number)[0]?.reactions).toMatchObject([
        { content: 'eyes' },
      ]);
      expect(run).toMatchObject({ name: 'tekton-ci', conclusion: 'success', headSha: pull.sha });
      expect(trusted).toMatch(/^secret: \[\*\*\*\]$/m);
      expect(log).toContain('secret: []');
      expect(log).not.toContain(world.secret);
      expect(log).toContain('cache: []');
      expect(log).toContain(`COMMIT=${pull.sha}`);
      expect(log).toContain(`PULL_REQUEST=${pull.number}`);
      expect(log).not.toContain('the config of the fork');
      expect(log).not.toMatch(/ghs_|x-access-token|\[credential/);
      expect(run?.summary).toContain('secrets: none, the run is untrusted \\(NPM\\_TOKEN\\)');
      expect(await testLog(world, later)).toContain(`cache: [mark-of-${pull.base}]`);
    },
  );

  test('runs once its button is pressed by somebody with write access', async () => {
    const { github } = world;
    const pull = await world.forked({ name: 'button', files: shellProject('echo tested') });
    const id = world.checksOf(pull, pull.sha)[0]?.id ?? 0;

    await github.pressButton(id, `approve-${pull.number}`, 'mona');
    await github.pressButton(id, `approve-${pull.number}`, 'tina');
    const refused = runsOf('button');
    await github.pressButton(id, `approve-${pull.number}`, 'octo');
    const run = await untilRun(pull);
    await github.pressButton(id, `approve-${pull.number}`, 'octo');

    expect(refused).toBe(1);
    expect(run?.conclusion).toBe('success');
    expect(runsOf('button')).toBe(2);
  });

  test('is cancelled when it is closed, and by a newer commit, which waits again', async () => {
    const { github } = world;
    const files = shellProject(`if [ -n "$PULL_REQUEST" ]; then ${ENDLESS}; fi`);
    const pull = await world.forked({ name: 'left', files });
    await world.say(pull, approveWords(pull.sha));
    const running: Condition = (checks) => checks.some(({ status }) => status === 'in_progress');
    await world.until(pull.repository, pull.sha, running);

    const second = await world.pushFork(pull, { 'a.txt': 'b' });
    const superseded = await untilRun(pull);
    const waiting = world.checksOf(pull, second);
    await world.say(pull, approveWords(second));
    await world.until(pull.repository, second, running);
    await github.changePullRequest(pull.repository, pull.number, { kind: 'close' });
    const closed = await untilRun({ ...pull, sha: second });

    expect(superseded).toMatchObject({
      conclusion: 'cancelled',
      title: `Cancelled by tekton-ci: superseded by ${second.slice(0, 7)}, a newer commit on #${pull.number}`,
    });
    expect(waiting).toMatchObject([WAITING]);
    expect(closed).toMatchObject({
      conclusion: 'cancelled',
      title: `Cancelled by tekton-ci: the pull request #${pull.number} was closed`,
    });
  });

  test('cannot skip its checks by its message', async () => {
    const options = { name: 'skipping', files: shellProject('echo tested'), message: 'x [skip ci]' };
    const pull = await world.forked(options);

    expect(world.checksOf(pull, pull.sha)).toMatchObject([WAITING]);
  });
});

describe('a commit that somebody with write access stands for', () => {
  test('keeps its check when a stranger opens a pull request with it', async () => {
    const { github } = world;
    const pull = await world.forked({ name: 'tip', files: shellProject('echo tested') });
    const feature = await github.commit(pull.repository, { files: { f: '1' }, parents: [pull.base] });
    await github.push(pull.repository, { branch: 'feature', sha: feature });
    const trusted = await world.until(pull.repository, feature, completed);

    await github.push(pull.fork, { branch: 'stolen', sha: feature, sender: 'mona' });
    const asked = { head: 'stolen', fork: pull.fork, sender: 'mona' };
    const { number, delivery } = await github.openPullRequest(pull.repository, asked);
    await delivery;
    await world.say({ ...pull, number }, approveWords(feature));

    expect(world.checksOf(pull, feature)).toEqual(trusted);
    expect(trusted).toMatchObject([{ conclusion: 'success' }]);
  });

  test('gets their verdict when they push what a stranger has offered', async () => {
    const { github } = world;
    const pull = await world.forked({ name: 'adopted', files: shellProject('echo tested') });

    await github.push(pull.repository, { branch: 'adopted', sha: pull.sha });
    const run = await untilRun(pull);

    expect(run).toMatchObject({ name: 'tekton-ci', conclusion: 'success' });
  });
});

describe('who is approved by being who they are', () => {
  test('somebody with write access, whose fork is untrusted all the same', async () => {
    const files = shellProject(CURIOUS, 'secrets: [NPM_TOKEN]\n');
    const change = { '.tekton-ci.yml': 'test: echo the config of the fork' };
    const pull = await world.forked({ name: 'member', files, change, sender: 'octo' });

    const run = await untilRun(pull);

    const log = await testLog(world, run);
    expect(run?.conclusion).toBe('success');
    expect(log).toContain('secret: []');
    expect(log).not.toContain('the config of the fork');
  });

  test("bots that the operator names, whose branches are untrusted and run by the base's config", async () => {
    const { github } = world;
    const pull = await world.forked({ name: 'bots', files: shellProject(CURIOUS, 'secrets: [NPM_TOKEN]\n') });
    const change = { '.tekton-ci.yml': 'test: echo the config of the bot' };
    const sha = await github.commit(pull.repository, { files: change, parents: [pull.base] });
    const sender = 'dependabot[bot]';

    await github.push(pull.repository, { branch: 'dependabot/npm/x', sha, sender });
    await github.openPullRequest(pull.repository, { head: 'dependabot/npm/x', sender });
    const run = await untilRun({ ...pull, sha });
    await github.waitForDeliveries();

    const log = await testLog(world, run);
    expect(world.checksOf(pull, sha)).toMatchObject([{ conclusion: 'success' }]);
    expect(log).toContain('secret: []');
    expect(log).not.toContain('the config of the bot');
  });
});

describe('a branch of the repository', () => {
  test('cannot give itself a deploy, whatever its config says', async () => {
    const { github } = world;
    const deploy = 'deploy: { to: production, commands: echo deployed, only: "**" }\n';
    const pull = await world.forked({ name: 'deploying', files: shellProject('echo tested') });
    const files = shellProject('echo tested', deploy);
    const sha = await github.commit(pull.repository, { files, parents: [pull.base] });

    await github.push(pull.repository, { branch: 'feature', sha });
    const [check] = await world.until(pull.repository, sha, completed);

    expect(check?.conclusion).toBe('success');
    expect(check?.summary).not.toMatch(/^\| deploy/m);
    expect(check?.summary).toMatch(/deploy production: no/);
  });
});

describe('a weaker base branch', () => {
  test.each([
    ['first', [1, 0]],
    ['last', [0, 1]],
  ])('cannot whiten the commit for another one, approved %s', async (when, order) => {
    const { github } = world;
    const pull = await world.forked({ name: `weak-${when}`, files: shellProject('false || exit 1') });
    const { repository, fork } = pull;
    const weak = await github.commit(repository, { files: shellProject('echo fine'), parents: [pull.base] });
    await (await github.push(repository, { branch: 'weak', sha: weak })).delivery;
    const asked = { head: 'patch', fork, sender: 'mona', base: 'weak' };
    const other = await github.openPullRequest(repository, asked);
    await other.delivery;
    const numbers = [pull.number, other.number];

    const conclusions: (string | null | undefined)[] = [];
    for (const index of order) {
      const before = world.checksOf(pull, pull.sha).length;
      await world.say({ repository, number: numbers[index] ?? 0 }, approveWords(pull.sha));
      await world.until(repository, pull.sha, (checks) => checks.length > before && completed(checks));
      conclusions.push(newest(world.checksOf(pull, pull.sha))?.conclusion);
    }

    expect(conclusions).not.toContain('success');
    expect(conclusions.at(-1)).toBe('failure');
  });
});
