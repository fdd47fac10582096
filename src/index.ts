import type { Probot } from 'probot';
import type { GitHubEvent } from './core/plan/event.ts';
import { readEvent } from './github/push-event.ts';

/** Names of the events that lead to anything: those that GitHub could not deliver are worth another try. */
export const EVENTS: ReadonlySet<string> = new Set(['push']);

/** The Probot app: which webhook leads to what. */
export function createApp(handle: (event: GitHubEvent) => Promise<void>): (app: Probot) => void {
  return (app) => {
    app.on('push', ({ id, name, payload }) => handle(readEvent({ id, name, payload: { ...payload } })));
  };
}
