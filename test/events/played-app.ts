import { createEventHandler } from '../../src/app/events/handle-event.ts';
import type { Engine } from '../../src/app/ports.ts';
import type { GitHubEvent } from '../../src/core/plan/event.ts';
import { type createWorld, startProcess } from '../app/fakes/world.ts';
import { countedChecks, pullRequestsOf, type Requests, repositoriesOf, type Said } from './github-ports.ts';
import type { GitHubState } from './github-state.ts';
import { happen } from './happen.ts';

/** The app, and what it asked of GitHub and said there. */
export interface PlayedApp {
  /** What GitHub was asked for, in order. */
  readonly requests: Requests;
  readonly replies: readonly Said[];
  /** Lets something happen at GitHub, of which the app has not heard yet. */
  happen(line: string): GitHubEvent;
  handle(event: GitHubEvent): Promise<void>;
  stop(): Promise<void>;
}

/** Everything around the app but GitHub, with any engine. */
export type Surroundings = Omit<ReturnType<typeof createWorld>, 'engine'> & { readonly engine: Engine };

/** Runs are never so old that they are removed. */
const FOR_EVER = { perProject: Number.POSITIVE_INFINITY, for: Number.POSITIVE_INFINITY };

/** The app on a GitHub that is played. */
export async function playApp(state: GitHubState, surroundings: Surroundings): Promise<PlayedApp> {
  const { clock, checks, settings } = surroundings;
  const requests: Requests = [];
  const replies: Said[] = [];
  const inAnHour = () => new Date(clock.now().getTime() + 3_600_000);
  const world = {
    ...surroundings,
    checks: countedChecks(checks, requests),
    repositories: repositoriesOf(state, requests, inAnHour),
    pullRequests: pullRequestsOf(state, requests, replies),
    settings: { ...settings, bots: state.bots },
  };
  const process = await startProcess(world, { keep: FOR_EVER });
  const handle = createEventHandler({ ...world, ...process.supervisor, runs: process.follower.runs });
  let deliveries = 0;

  return {
    requests,
    replies,
    happen(line) {
      deliveries += 1;
      const deliveryId = `delivery-${deliveries}`;
      return happen(line, { state, at: clock.now(), deliveryId, checks: checks.stored });
    },
    handle,
    stop: process.stop,
  };
}
