import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  approveWords,
  type ForkPull,
  type ForkWorld,
  pushWhileApproved,
  startForkWorld,
  WAITING,
} from './fork-world.ts';
import { REFUSED, UNHEARD } from './refused-approvals.ts';
import { storedRuns } from './stored-runs.ts';
import { shellProject } from './world.ts';

let world: ForkWorld;

beforeAll(async () => {
  world = await startForkWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const runsOf = (name: string) => storedRuns(world.data, name).length;

describe('an approval is refused', () => {
  let pull: ForkPull;
  let older: string;

  beforeAll(async () => {
    pull = await world.forked({ name: 'refused', files: shellProject('echo tested') });
    older = pull.sha;
    pull = { ...pull, sha: await world.pushFork(pull, { 'a.txt': 'evil' }) };
  });

  test.each(REFUSED)('%s, with a word', async (_what, words, sender, answer) => {
    const replies = await world.say(pull, words({ ...pull, older }), sender);

    expect(replies).toEqual([expect.stringMatching(answer)]);
    expect(runsOf('refused')).toBe(1);
  });

  test.each(UNHEARD)('%s, without a word or a request', async (_what, words, sender) => {
    world.github.resetRequests();

    const replies = await world.say(pull, words({ ...pull, older }), sender);

    expect(replies).toEqual([]);
    expect(world.github.requests).toEqual([]);
    expect(runsOf('refused')).toBe(1);
  });

  test('of a comment that was edited into one', async () => {
    const { github } = world;
    const { id, delivery } = github.comment(pull.repository, pull.number, { body: 'Hm', sender: 'octo' });
    await delivery;
    github.resetRequests();

    await github.editComment(id, approveWords(pull.sha)).delivery;

    expect(github.requests).toEqual([]);
    expect(runsOf('refused')).toBe(1);
  });

  test('of a button on the check of an older commit', async () => {
    const id = world.checksOf(pull, older)[0]?.id ?? 0;

    await world.github.pressButton(id, `approve-${pull.number}`, 'octo');

    expect(runsOf('refused')).toBe(1);
    expect(world.checksOf(pull, pull.sha)).toMatchObject([WAITING]);
  });

  test('of a commit that was pushed between look and click', async () => {
    const newer = await pushWhileApproved(world.github, pull, 'octo');

    expect(world.checksOf(pull, newer)).toMatchObject([WAITING]);
    expect(storedRuns(world.data, 'refused')).toHaveLength(1);
  });
});
