import type { CheckStore } from './check-store.ts';
import type { Deliveries } from './deliveries.ts';
import type { IssueStore } from './issue-store.ts';
import {
  type App,
  type Installation,
  installationOn,
  type Json,
  type Repository,
  type World,
} from './world.ts';

/** The stateful parts that answers are made from. */
export interface Parts {
  readonly world: World;
  readonly checks: CheckStore;
  readonly deliveries: Deliveries;
  readonly issues: IssueStore;
}

/** Sends an event of a repository to every app that is installed there and listens to it. */
export function announce(
  { world, deliveries }: Parts,
  repository: Repository,
  event: string,
  payload: (installation: Installation) => Json,
  to: (app: App) => boolean = () => true,
): ReturnType<Deliveries['send']>[] {
  return [...world.apps.values()].flatMap((app) => {
    const installation = installationOn(world, app, repository.owner);
    if (installation === undefined || !app.events.includes(event) || !to(app)) return [];
    return [deliveries.send(app, event, payload(installation))];
  });
}
