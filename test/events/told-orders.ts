import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import type { Order, Scenario, Told } from './scenario.ts';

const CASES = new URL('../cases/event-orders/', import.meta.url).pathname;

export interface ScenarioCase {
  readonly name: string;
  readonly file: string;
  readonly scenario: Scenario;
  /** The events in the order in which they happened. */
  readonly places: Order;
}

export const SCENARIOS: readonly ScenarioCase[] = readdirSync(CASES)
  .toSorted()
  .map((name) => {
    const file = join(CASES, name);
    const scenario = load(readFileSync(file, 'utf8')) as Scenario;
    const places = scenario.events.map((_, place) => place);
    return { name: name.replace(/\.yml$/, ''), file, scenario, places };
  });

/** Of five events and more there are too many. */
const MOST_PERMUTED = 4;

/** Every order of up to four events, told in turn; of more the reverse alone. */
export function everyOrder({ places }: ScenarioCase): readonly Told[] {
  const orders = places.length > MOST_PERMUTED ? [places.toReversed()] : permutations(places);
  return orders.map((order) => ({ order, telling: 'in turn' }));
}

/** The order in which it happened and its reverse, told at once. */
export function allAtOnce({ places }: ScenarioCase): readonly Told[] {
  return [places, places.toReversed()].map((order) => ({ order, telling: 'at once' }));
}

/** Any order, in turn or at once, in which some of the events are told twice. */
export function someTwice({ places }: ScenarioCase): fc.Arbitrary<Told> {
  const order = fc.subarray([...places]).chain((twice) => {
    const all = [...places, ...twice];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
  return fc.record({ order, telling: fc.constantFrom('in turn', 'at once') });
}

/** Every order in turn, and those that are told at once. */
export function wellKnown(scenario: ScenarioCase): readonly Told[] {
  return [...everyOrder(scenario), ...allAtOnce(scenario)];
}

function permutations(places: Order): readonly Order[] {
  if (places.length <= 1) return [places];
  return places.flatMap((first) =>
    permutations(places.filter((place) => place !== first)).map((rest) => [first, ...rest]),
  );
}
