import { startCandidate } from '../../../src/app/starts/start-candidate.ts';
import type { StartPorts } from '../../../src/app/starts/start-plan.ts';
import { pushCandidate } from '../../../src/core/plan/candidate.ts';
import type { PushEvent } from '../../../src/core/plan/event.ts';

/** Starts what a push asks for, without regard to what else there is. */
export async function startPush(
  ports: StartPorts,
  event: PushEvent & { readonly attempt?: number },
): Promise<void> {
  const candidate = pushCandidate(event, ports.settings.bots);
  if ('ignored' in candidate) return;
  await startCandidate(ports, { ...candidate, attempt: event.attempt ?? 1 });
}
