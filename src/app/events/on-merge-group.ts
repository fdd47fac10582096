import { mergeGroupCandidate, queueRef } from '../../core/plan/candidate.ts';
import type { MergeGroupEvent } from '../../core/plan/event.ts';
import { runCandidate } from '../starts/run-candidate.ts';
import type { ActingPorts } from './handle-event.ts';

/** Nothing that a merge queue asks later is newer than this. */
const FOR_EVER = new Date(8.64e15);

/** Runs what a merge queue asks about; what it does not want any more is cancelled, unless it was merged. */
export async function onMergeGroup(ports: ActingPorts, event: MergeGroupEvent): Promise<void> {
  const { repository, action, reason, sha, deliveryId } = event;
  const candidate = mergeGroupCandidate(event);
  await runCandidate(ports, candidate, deliveryId);
  if (action !== 'destroyed' || reason === 'merged') return;
  await ports.superseder.moved({ repository, ref: queueRef(event), before: sha, sha: null, at: FOR_EVER });
}
