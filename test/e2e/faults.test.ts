import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FaultName, REQUESTS, type RequestName, tryMintFault, tryOutage } from './fault-cases.ts';
import { startUnsteadyWorld, type UnsteadyWorld } from './unsteady-world.ts';

/** Those that are over in a few seconds; the long tests have all of them, for longer. */
const QUICK: readonly FaultName[] = ['an error 500', 'a limit (429) that names a time', 'a lost answer'];

let world: UnsteadyWorld;

beforeAll(async () => {
  world = await startUnsteadyWorld({ TEKTON_CI_SWEEP_INTERVAL: '1' });
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

describe('GitHub fails for a while: the check ends all the same, once, and nothing is hammered', () => {
  // All requests at once: what is waited for is mostly time.
  test.each(QUICK)('with %s', async (what) => {
    const asked = Object.keys(REQUESTS) as RequestName[];
    await Promise.all(
      asked.map((request) => tryOutage(world, { asked: request, what, lasts: { times: 1 } })),
    );
  });

  test('when a token is minted', async () => {
    await tryMintFault(world, 'an error 500');
  });
});
