import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeChecks, startUnsteadyWorld, type UnsteadyWorld } from '../e2e/unsteady-world.ts';
import { completed } from '../e2e/world.ts';
import type { CheckState } from '../github/check-store.ts';
import type { CreatedRepository } from '../github/repositories.ts';

const REPOSITORIES = 20;
const PUSHES = 10;
const KILLS = 10;

let world: UnsteadyWorld;

beforeAll(async () => {
  world = await startUnsteadyWorld({ TEKTON_CI_SWEEP_INTERVAL: '2' });
});

afterAll(() => world.close());

interface Push {
  readonly repository: CreatedRepository;
  readonly sha: string;
  readonly fails: boolean;
}

test('200 pushes, shuffled and doubled, with a server that is killed ten times: 200 verdicts, each right, each once', async () => {
  const pushes = await commitAll();
  const sending = sendAll(shuffled(pushes));
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const share = (pushes.length * kill) / (KILLS + 2);
    await world.until(
      () => countCompleted(pushes) >= share,
      () => `${countCompleted(pushes)} verdicts`,
      120,
    );
    await world.kill();
    await world.start();
  }
  await sending;
  await world.until(
    () => pushes.every((push) => completed(checksOf(push))),
    () => describeChecks(pushes.flatMap(checksOf).filter(({ status }) => status !== 'completed')),
    300,
  );

  for (const push of pushes) {
    const [check, ...others] = checksOf(push);
    expect(others).toEqual([]);
    expect(check).toMatchObject(verdictOf(push));
  }
  expect(world.github.violations).toEqual([]);
}, 600_000);

/** Ten branches of each repository; every third commit fails its test. */
async function commitAll(): Promise<Push[]> {
  const pushes: Push[] = [];
  for (let r = 0; r < REPOSITORIES; r += 1) {
    const repository = await world.repository(`storm-${r}`);
    const base = await world.github.commit(repository, { files: { 'README.md': '' } });
    for (let p = 0; p < PUSHES; p += 1) {
      const fails = (r + p) % 3 === 0;
      const files = { '.tekton-ci.yml': `use: alpine:3.22\ntest: exit ${fails ? 3 : 0} # ${p}\n` };
      const sha = await world.github.commit(repository, { files, parents: [base] });
      pushes.push({ repository, sha, fails });
    }
  }
  return pushes;
}

/** Each push is delivered twice, at moments of their own. */
async function sendAll(pushes: readonly Push[]): Promise<void> {
  for (const [index, { repository, sha }] of pushes.entries()) {
    const { delivery } = await world.github.push(repository, { branch: `b-${sha.slice(0, 12)}`, sha });
    const first = await delivery;
    if (first === null) throw new Error('no delivery');
    if (index % 2 === 0) void world.github.redeliver(first.id);
    else await world.github.redeliver(first.id);
  }
}

function checksOf({ repository, sha }: Push): CheckState[] {
  return world.github.checks(repository, sha);
}

function countCompleted(pushes: readonly Push[]): number {
  return pushes.filter((push) => completed(checksOf(push))).length;
}

function verdictOf({ fails }: Push): object {
  return fails
    ? { conclusion: 'failure', title: 'test failed with exit code 3' }
    : { conclusion: 'success', title: expect.stringMatching(/^Succeeded/) };
}

/** The same order every time, and not the order of making. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item, index) => ({ item, rank: (index * 7919 + 13) % items.length }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}
