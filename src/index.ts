import type { Probot } from 'probot';
import type { GitHubEvent } from './core/plan/event.ts';
import { readEvent } from './github/read-event.ts';

export { EVENTS } from './github/read-event.ts';

export interface AppOptions {
  /** Of the GitHub App: clicks on other apps' checks are not ours. */
  readonly appId: number;
  readonly handle: (event: GitHubEvent) => Promise<void>;
}

/** The Probot app: which webhook leads to what. */
export function createApp({ appId, handle }: AppOptions): (app: Probot) => void {
  return (app) => {
    app.onAny(({ id, name, payload }) => handle(readEvent({ id, name, payload: { ...payload } }, appId)));
  };
}
