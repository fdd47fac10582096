import { pushCandidate } from '../../core/plan/candidate.ts';
import type { PushEvent } from '../../core/plan/event.ts';
import { runCandidate } from '../starts/run-candidate.ts';
import type { ActingPorts } from './handle-event.ts';

/** Runs the commit of a push; a branch that was deleted wants its commits no more. */
export async function onPush(ports: ActingPorts, event: PushEvent): Promise<void> {
  const { ref, repository, before, sha, pushedAt: at = ports.clock.now() } = event;
  await runCandidate(ports, pushCandidate(event, ports.settings.bots), event.deliveryId);
  if (sha === null && ref.kind === 'branch')
    await ports.superseder.moved({ repository, ref, before, sha, at });
}
