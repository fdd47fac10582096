import type { CheckStore } from './check-store.ts';
import type { Deliveries } from './deliveries.ts';
import { type EventContent, eventPayload } from './event-payload.ts';
import type { IssueStore } from './issue-store.ts';
import type { Description } from './openapi.ts';
import { type App, type Installation, installationOn, type Json, type World } from './world.ts';

/** The stateful parts that answers are made from. */
export interface Parts {
  readonly world: World;
  readonly checks: CheckStore;
  readonly deliveries: Deliveries;
  readonly issues: IssueStore;
  readonly description: Description;
  readonly violations: string[];
}

export interface Announcement extends Omit<EventContent, 'fields'> {
  fields(installation: Installation): Json;
  /** Which of the apps that are installed and listen are told; all when not said. */
  to?(app: App): boolean;
}

/** Sends an event of a repository to every app that is installed there and listens to it. */
export function announce(parts: Parts, announcement: Announcement): ReturnType<Deliveries['send']>[] {
  const { world, deliveries, description, violations } = parts;
  const { event, action, repository, to = () => true } = announcement;
  return [...world.apps.values()].flatMap((app) => {
    const installation = installationOn(world, app, repository.owner);
    if (installation === undefined || !app.events.includes(event) || !to(app)) return [];
    const content = { ...announcement, fields: announcement.fields(installation) };
    const payload = eventPayload(world, content, installation);
    const name = [event, action].filter((part) => part !== undefined).join(' ');
    const problems = description.webhook(name.replaceAll(/[ _]/g, '-'), payload);
    violations.push(...problems.map((problem) => `the webhook ${name} is unlike GitHub's: ${problem}`));
    return [deliveries.send(app, event, payload)];
  });
}
