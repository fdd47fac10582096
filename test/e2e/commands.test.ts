import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedRepository } from '../github/repositories.ts';
import { storedRuns } from './stored-runs.ts';
import { type Condition, completed, ENDLESS, shellProject, startWorld, type World } from './world.ts';

let world: World;
let repository: CreatedRepository;
let base: string;

beforeAll(async () => {
  world = await startWorld();
  world.github.showCollaborators(true);
  const collaborators = { tina: 'triage' } as const;
  repository = await world.github.createRepository({
    owner: 'acme',
    name: 'api',
    private: true,
    collaborators,
  });
  base = (await world.github.pushFiles(repository, { files: shellProject('echo tested') })).sha;
  await world.until(repository, base, completed);
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

let branches = 0;

/** A pull request of a branch of its own whose run has begun, by somebody. */
async function pullRequest({
  files = {},
  sender = 'developer',
}: {
  readonly files?: Readonly<Record<string, string>>;
  readonly sender?: string;
} = {}) {
  const { github } = world;
  const branch = `feature-${++branches}`;
  const sha = await github.commit(repository, { files: { 'a.txt': branch, ...files }, parents: [base] });
  await (await github.push(repository, { branch, sha, sender })).delivery;
  const { number, delivery } = await github.openPullRequest(repository, { head: branch, sender });
  await delivery;
  return { number, sha };
}

/** What is answered to a comment, and how many requests it took until then. */
async function say(number: number, body: string, sender = 'developer') {
  const { github } = world;
  const before = github.comments(repository, number).length;
  github.resetRequests();
  await github.comment(repository, number, { body, sender }).delivery;
  const comments = github.comments(repository, number).slice(before);
  return {
    requests: github.countRequests({ excludeTokens: true }),
    reactions: comments[0]?.reactions.map(({ content }) => content),
    replies: comments.slice(1).map((comment) => comment.body),
  };
}

/** Waits for so many checks of the commit, all completed. */
async function untilChecks(sha: string, number: number) {
  return world.until(repository, sha, (checks) => checks.length === number && completed(checks));
}

const running: Condition = (checks) => checks.some(({ status }) => status === 'in_progress');

describe('retest', () => {
  test('runs what failed once more, in six requests at most', async () => {
    const { number, sha } = await pullRequest({ files: shellProject('exit 1') });
    await untilChecks(sha, 1);
    await world.github.waitForDeliveries();

    const { replies, reactions } = await say(number, 'Hm.\n\n/tekton-ci retest\n');
    const checks = await untilChecks(sha, 2);

    expect(replies).toEqual([]);
    expect(reactions).toEqual(['eyes']);
    expect(checks.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['tekton-ci', 'failure'],
      ['tekton-ci', 'failure'],
    ]);
    expect(checks[1]?.summary).toContain('developer asked for it again');
    expect(world.github.countRequests({ excludeTokens: true })).toBeLessThanOrEqual(6);
  });

  test('says that it runs while it runs, and that there is no such project', async () => {
    const { number, sha } = await pullRequest({ files: shellProject(ENDLESS) });
    await world.until(repository, sha, running);

    const early = await say(number, '/tekton-ci retest');
    const unknown = await say(number, '/tekton-ci retest web');
    await say(number, '/tekton-ci cancel');
    await untilChecks(sha, 1);

    expect(early.replies).toEqual(['It is still running.']);
    expect(unknown.replies).toEqual([expect.stringContaining('No project `web` ran')]);
  });

  test('is for the author of the pull request and for people with write access', async () => {
    const own = await pullRequest({ sender: 'tina', files: shellProject('exit 1') });
    await untilChecks(own.sha, 1);
    await world.github.waitForDeliveries();

    const refused = await say(own.number, '/tekton-ci retest', 'nora');
    const granted = await say(own.number, '/tekton-ci retest', 'tina');
    await untilChecks(own.sha, 2);

    expect(refused.replies).toEqual([expect.stringContaining('write access')]);
    expect(refused.requests).toBeLessThanOrEqual(6);
    expect(granted.replies).toEqual([]);
  });

  test('that is delivered twice runs once', async () => {
    const { github } = world;
    const { number, sha } = await pullRequest();
    await untilChecks(sha, 1);
    const runs = storedRuns(world.data, 'api').length;

    await say(number, '/tekton-ci retest');
    await untilChecks(sha, 2);
    const comment = github.deliveries.findLast(
      ({ event, payload }) => event === 'issue_comment' && JSON.stringify(payload).includes('retest'),
    );
    await github.redeliver(comment?.id ?? 0);
    await github.waitForDeliveries();

    expect(storedRuns(world.data, 'api')).toHaveLength(runs + 1);
  });
});

describe('cancel', () => {
  test('ends what runs, and says who did it', async () => {
    const { number, sha } = await pullRequest({ files: shellProject(ENDLESS) });
    await world.until(repository, sha, running);

    const refused = await say(number, '/tekton-ci cancel', 'tina');
    const { replies, requests } = await say(number, '/tekton-ci cancel');
    const [check] = await untilChecks(sha, 1);
    const again = await say(number, '/tekton-ci cancel');

    expect(refused.replies).toEqual([expect.stringContaining('write access')]);
    expect(replies).toEqual([]);
    expect(requests).toBeLessThanOrEqual(6);
    expect(check).toMatchObject({
      conclusion: 'cancelled',
      title: 'Cancelled by developer: /tekton-ci cancel',
    });
    expect(again.replies).toEqual([`Nothing runs for ${sha.slice(0, 7)}.`]);
  });
});

describe('words', () => {
  test('why lists every decision, help every command, and neither needs a right', async () => {
    const { number, sha } = await pullRequest();
    await untilChecks(sha, 1);

    const why = await say(number, '/tekton-ci why', 'tina');
    const help = await say(number, '/tekton-ci help', 'tina');
    const mistyped = await say(number, '/tekton-ci retset', 'tina');
    const deploy = await say(number, '/tekton-ci deploy production');

    expect(why.replies).toEqual([expect.stringMatching(/every push tests the repository[\s\S]*test: runs/)]);
    expect(help.replies).toEqual([expect.stringContaining('`/tekton-ci retest`')]);
    expect(mistyped.replies).toEqual([expect.stringContaining('Did you mean `/tekton-ci retest`?')]);
    expect(deploy.replies).toEqual([expect.stringContaining('not possible yet')]);
    for (const { requests } of [why, help, mistyped, deploy]) expect(requests).toBeLessThanOrEqual(6);
  });

  test('several commands of one comment are answered once', async () => {
    const { number, sha } = await pullRequest();
    await untilChecks(sha, 1);

    const { replies, reactions, requests } = await say(number, '/tekton-ci why\n/tekton-ci help');

    expect(replies).toHaveLength(1);
    expect(reactions).toEqual(['eyes']);
    expect(requests).toBeLessThanOrEqual(6);
  });

  test('a comment without a command costs no request, nor do our own answers', async () => {
    const { number, sha } = await pullRequest();
    await untilChecks(sha, 1);
    await world.github.waitForDeliveries();

    const { requests, reactions } = await say(number, 'Looks good to me. See `/tekton-ci retest`.');
    await world.github.waitForDeliveries();

    expect(requests).toBe(0);
    expect(reactions).toEqual([]);
  });

  test('take one request more where GitHub does not tell apps who has access', async () => {
    const { number, sha } = await pullRequest();
    await untilChecks(sha, 1);
    world.github.showCollaborators(false);

    const { requests, replies } = await say(number, '/tekton-ci help');
    world.github.showCollaborators(true);

    expect(requests).toBe(3);
    expect(replies).toHaveLength(1);
  });
});
