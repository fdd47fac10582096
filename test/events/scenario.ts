import type { GitHubEvent } from '../../src/core/plan/event.ts';
import type { Given } from './github-state.ts';
import { keyWords, letters } from './outcome.ts';
import { createPlayer } from './play.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/** Events that may be told of in any order, and what comes of it always. */
export interface Scenario {
  readonly given?: Given;
  /** What happens, in the order in which it does. */
  readonly events: readonly string[];
  readonly outcome?: Ending;
  /** Runs that are made in some orders only, and why that is right. */
  readonly sometimes?: { readonly runs: readonly string[]; readonly because: string };
}

export interface Ending {
  readonly runs: readonly string[];
  /** The newest of each name and commit. */
  readonly checks: readonly string[];
}

/** All of the events in this order, by their places in the scenario; a place that is there twice is told twice. */
export type Order = readonly number[];

export interface Told {
  readonly order: Order;
  /** One after the other, or all at once: their order is that in which they arrive. */
  readonly telling: 'in turn' | 'at once';
}

/**
 * Plays a scenario: everything happens at GitHub first, then it is told of in this order, while all runs are held; then all runs succeed.
 * Rejects when a check is left open.
 */
export async function playScenario(
  world: ScenarioWorld,
  scenario: Scenario,
  { order, telling }: Told,
): Promise<Ending> {
  await createPlayer(world)(scenario.given?.happened ?? []);
  const events: GitHubEvent[] = [];
  for (const line of scenario.events) {
    events.push(world.happen(line));
    await world.settle();
  }
  const told = order.map((place) => events[place]!);
  if (telling === 'at once') await Promise.all(told.map(world.deliver));
  else for (const event of told) await world.deliver(event);
  await world.settle();
  world.end('succeeded');
  await world.settle();
  await world.stop();
  return endingOf(world, scenario);
}

function endingOf(world: ScenarioWorld, { sometimes }: Scenario): Ending {
  const open = world.shown().filter(({ status }) => status !== 'completed');
  if (open.length > 0) throw new Error(`left open: ${open.map(({ name }) => name).join(', ')}`);
  const newest = new Map(
    world
      .shown()
      .map(({ name, headSha, conclusion }) => [letters(`${name} of ${headSha}`), conclusion ?? 'none']),
  );
  return {
    runs: world
      .runs()
      .map(keyWords)
      .filter((run) => !sometimes?.runs.includes(run))
      .toSorted(),
    checks: [...newest].map(([check, conclusion]) => `${check}: ${conclusion}`).toSorted(),
  };
}
