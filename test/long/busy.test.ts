import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { completed, shellProject, startWorld, type World } from '../e2e/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

test('pushes to 20 repositories at once are each answered 200 within 2 s, and none is lost', async () => {
  const slowest: number[] = [];
  // What else the machine does may slow one round down; what is asked of the server is that it can.
  while (slowest.length < ROUNDS && !(Math.min(...slowest) < 2000)) {
    slowest.push(await pushTwenty(`busy-${slowest.length}`));
  }

  expect(Math.min(...slowest)).toBeLessThan(2000);
}, 180_000);

const ROUNDS = 3;

/** Pushes to 20 new repositories at once. Resolves with the milliseconds of the slowest answer, once every run has its verdict. */
async function pushTwenty(name: string): Promise<number> {
  const repositories = await Promise.all(
    Array.from({ length: 20 }, (_, index) => world.repository(`${name}-${index}`)),
  );
  const commits = await Promise.all(
    repositories.map(async (repository) => {
      return { repository, sha: await world.github.commit(repository, { files: shellProject('exit 0') }) };
    }),
  );
  const pushes = await Promise.all(
    commits.map(async ({ repository, sha }) => {
      return { repository, ...(await world.github.push(repository, { branch: 'main', sha })) };
    }),
  );
  const deliveries = await Promise.all(pushes.map(({ delivery }) => delivery));
  expect(deliveries.map((delivery) => delivery?.statusCode)).toEqual(pushes.map(() => 200));
  for (const { repository, sha } of pushes) {
    const checks = await world.until(repository, sha, completed, 60);
    expect(checks.map(({ conclusion }) => conclusion)).toEqual(['success']);
  }
  return Math.max(...deliveries.map((delivery) => delivery?.durationMs ?? Number.POSITIVE_INFINITY));
}
