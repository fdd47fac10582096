import type { GitHubEvent, PushEvent } from '../core/plan/event.ts';
import { createInTurn, createOnceEach } from './concurrency.ts';
import type { StartPorts } from './start-plan.ts';
import { startPush } from './start-push.ts';
import type { Superseder } from './supersede-runs.ts';

export interface EventPorts extends StartPorts {
  readonly superseder: Pick<Superseder, 'pushed' | 'attempt'>;
}

/**
 * Acts on events. A delivery that comes again while it is worked on joins that work; events of the same commit follow
 * each other, so that the second finds what the first has made.
 */
export function createEventHandler(ports: EventPorts): (event: GitHubEvent) => Promise<void> {
  const once = createOnceEach<void>();
  const inTurn = createInTurn();
  return async (event) => {
    if (event.kind === 'ignored') {
      ports.log.debug({ delivery: event.deliveryId, reason: event.reason }, 'event ignored');
      return;
    }
    const commit = `${event.repository.id}/${event.sha}`;
    await once(event.deliveryId, () => inTurn(commit, () => act(ports, event)));
  };
}

/** First the new commit's run, so that what cannot be planned cancels nothing. */
async function act(ports: EventPorts, event: PushEvent): Promise<void> {
  const { ref, repository, before, sha, pushedAt: at = ports.clock.now() } = event;
  if (ref.kind !== 'branch') return startPush(ports, event);
  const push = { repository, branch: ref.name, before, sha, at };
  await startPush(ports, { ...event, attempt: ports.superseder.attempt(push) });
  await ports.superseder.pushed(push);
}
