import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import PQueue from 'p-queue';
import { type Ending, playScenario, type Told } from './scenario.ts';
import type { ScenarioStage } from './scenario-world.ts';
import { SCENARIOS, type ScenarioCase, someTwice } from './told-orders.ts';

export interface OrdersToTest {
  /** Where the scenarios are played, for the tests' names. */
  readonly where: string;
  readonly open: () => ScenarioStage | Promise<ScenarioStage>;
  /** Orders of each scenario that are told always. */
  readonly always: (scenario: ScenarioCase) => readonly Told[];
  /** How many further ones of each, in which some events are told twice. */
  readonly randomly: number;
}

/** Plays at a time: they wait more than they compute. */
const LANES = 16;

/** For all plays together: whichever test comes first waits for most of them. */
const DEADLINE_MS = 900_000;

type Played = Told & Ending;

/** Declares a test for each scenario: it ends as it should in all of these orders. All are played on one stage, many at a time. */
export function testOrders({ where, open, always, randomly }: OrdersToTest): void {
  const told = new Map(
    SCENARIOS.map((one) => [one.name, [...always(one), ...fc.sample(someTwice(one), randomly)]]),
  );
  const count = [...told.values()].reduce((sum, orders) => sum + orders.length, 0);

  describe(`${count} orders on ${where}`, () => {
    const lanes = new PQueue({ concurrency: LANES });
    const played = new Map<string, Promise<readonly Played[]>>();
    let stage: ScenarioStage;

    async function play({ scenario }: ScenarioCase, one: Told): Promise<Played> {
      const world = await stage.world(scenario.given ?? {});
      return { ...one, ...(await playScenario(world, scenario, one)) };
    }

    beforeAll(async () => {
      stage = await open();
      for (const one of SCENARIOS) {
        const orders = told.get(one.name) ?? [];
        const all = Promise.all(orders.map((order) => lanes.add(() => play(one, order))));
        // Its own test tells of it.
        all.catch(() => {});
        played.set(one.name, all);
      }
    });

    afterAll(async () => {
      await lanes.onIdle();
      await stage.stop();
    });

    test.each(SCENARIOS)(
      '$name',
      async ({ name, scenario }) => {
        for (const { order, telling, ...ending } of (await played.get(name)) ?? []) {
          // First in a difference that is printed.
          const as = `${telling}: ${order.join(' ')}`;
          expect({ as, ...ending }).toEqual({ as, ...scenario.outcome });
        }
      },
      DEADLINE_MS,
    );
  });
}
