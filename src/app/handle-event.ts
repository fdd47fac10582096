import type { GitHubEvent } from '../core/plan/event.ts';
import { createInTurn, createOnceEach } from './concurrency.ts';
import type { StartPorts } from './start-plan.ts';
import { startPush } from './start-push.ts';

/**
 * Acts on events. A delivery that comes again while it is worked on joins that work; events of the same commit follow
 * each other, so that the second finds what the first has made.
 */
export function createEventHandler(ports: StartPorts): (event: GitHubEvent) => Promise<void> {
  const once = createOnceEach<void>();
  const inTurn = createInTurn();
  return async (event) => {
    if (event.kind === 'ignored') {
      ports.log.debug({ delivery: event.deliveryId, reason: event.reason }, 'event ignored');
      return;
    }
    const commit = `${event.repository.id}/${event.sha}`;
    await once(event.deliveryId, () => inTurn(commit, () => startPush(ports, event)));
  };
}
