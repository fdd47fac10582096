import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { createEventWorld } from './event-world.ts';
import { type Ending, playScenario, type Scenario, type Told } from './scenario.ts';
import { allAtOnce, everyOrder, SCENARIOS, someTwice } from './told-orders.ts';

/** Random ones of each scenario: `ORDERS=200` plays more. */
const RANDOM_ORDERS = Number(process.env.ORDERS ?? 10);

describe.each(SCENARIOS)('$name', (one) => {
  const { scenario, places, file } = one;
  const play = async (told: Told) =>
    playScenario(await createEventWorld(scenario.given ?? {}), scenario, told);

  test('ends as it should when it is told of in order', async () => {
    const outcome = await play({ order: places, telling: 'in turn' });

    if (process.env.UPDATE_CASES === '1') rewrite(file, scenario, outcome);
    expect(outcome).toEqual(scenario.outcome);
  });

  test('ends the same in every order', async () => {
    for (const told of everyOrder(one))
      expect({ ...told, ...(await play(told)) }).toEqual({ ...told, ...scenario.outcome });
  });

  test('ends the same when all of it is told at once', async () => {
    for (const told of allAtOnce(one))
      expect({ ...told, ...(await play(told)) }).toEqual({ ...told, ...scenario.outcome });
  });

  test('ends the same when some of it is told twice', async () => {
    await fc.assert(
      fc.asyncProperty(someTwice(one), async (told) => {
        expect(await play(told)).toEqual(scenario.outcome);
      }),
      { numRuns: RANDOM_ORDERS },
    );
  });
});

/** With UPDATE_CASES=1 the outcome is written down as it is, to be read before it is kept. */
function rewrite(file: string, { outcome: _, sometimes, ...rest }: Scenario, outcome: Ending): void {
  writeFileSync(
    file,
    dump({ ...rest, outcome, ...(sometimes && { sometimes }) }, { lineWidth: 140, noRefs: true }),
  );
}
