import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Crash, type Moment, rehearse, SCENARIOS, tryCrash } from '../e2e/crash-cases.ts';
import { startUnsteadyWorld, type UnsteadyWorld } from '../e2e/unsteady-world.ts';

let world: UnsteadyWorld;

beforeAll(async () => {
  // A redelivery that a crash undid comes again after this.
  world = await startUnsteadyWorld({ TEKTON_CI_SWEEP_INTERVAL: '1' });
});

afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const NAMES = Object.keys(SCENARIOS) as (keyof typeof SCENARIOS)[];

describe('a server that ends at any request makes one run and one check of each project, which end', () => {
  test.each(NAMES)(
    '%s',
    async (name) => {
      const { requests } = await rehearse(world, SCENARIOS[name]);
      expect(requests.length).toBeGreaterThan(5);
      for (const [request, { operation, method }] of requests.entries()) {
        const isWrite = operation !== 'graphql' && method !== 'GET';
        await crash(name, { signal: 'SIGKILL', at: { request, answered: false } });
        if (isWrite) await crash(name, { signal: 'SIGKILL', at: { request, answered: true } });
        if (name !== 'several projects')
          await crash(name, { signal: 'SIGTERM', at: { request, answered: false } });
      }
    },
    400_000,
  );
});

describe('so does a server that ends at any change of a run', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'by %s',
    async (signal) => {
      const { changes } = await rehearse(world, SCENARIOS['one project']);
      // The faster the run, the fewer: what comes together is one change.
      expect(changes).toBeGreaterThan(5);
      for (let change = 0; change < changes; change += 1)
        await crash('one project', { signal, at: { change } });
    },
    200_000,
  );
});

async function crash(name: keyof typeof SCENARIOS, crash: Crash): Promise<void> {
  try {
    await tryCrash(world, SCENARIOS[name], crash);
  } catch (error) {
    throw new Error(`${name}, ${crash.signal} at ${describeMoment(crash.at)}`, { cause: error });
  }
}

function describeMoment(at: Moment): string {
  return JSON.stringify(at);
}
