import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { REQUESTS, type RequestName, tryMintFault, tryOutage } from './fault-cases.ts';
import { startUnsteadyWorld, type UnsteadyWorld } from './unsteady-world.ts';

let world: UnsteadyWorld;

beforeAll(async () => {
  world = await startUnsteadyWorld({ TEKTON_CI_SWEEP_INTERVAL: '1' });
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

describe('GitHub fails for a while: the check ends all the same, once, and nothing is hammered', () => {
  // All requests at once: what is waited for is mostly time. The long tests have every fault, for longer.
  test('with an error 500', async () => {
    const asked = Object.keys(REQUESTS) as RequestName[];
    await Promise.all(
      asked.map((request) => tryOutage(world, { asked: request, what: 'an error 500', lasts: { times: 1 } })),
    );
  });

  test('when a token is minted', async () => {
    await tryMintFault(world, 'an error 500');
  });
});
