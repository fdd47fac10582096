import { z } from 'zod';
import type { GitHubEvent } from '../core/plan/event.ts';
import { account, ignored, origin, personOf, readPayload, repositoryOf, sha } from './event-payload.ts';
import type { Delivery } from './webhook-handler.ts';

/** https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group */
const mergeGroupPayload = origin.extend({
  action: z.enum(['checks_requested', 'destroyed']),
  /** Others may come: only the merged one is told apart. */
  reason: z.enum(['merged', 'invalidated', 'dequeued']).nullable().catch(null),
  merge_group: z.object({ head_sha: sha, head_ref: z.string().min(1) }),
  sender: account.optional(),
});

/** Reduces a `merge_group` to what we act on. */
export function readMergeGroup(delivery: Delivery): GitHubEvent {
  const { action } = delivery.payload;
  if (action !== 'checks_requested' && action !== 'destroyed') {
    return ignored(delivery, `merge_group ${String(action)} is not acted on`);
  }
  const read = readPayload(mergeGroupPayload, delivery);
  if ('ignored' in read) return read.ignored;
  const { merge_group: group, sender, reason } = read.payload;
  return {
    kind: 'merge_group',
    deliveryId: delivery.id,
    repository: repositoryOf(read.payload),
    action,
    reason,
    branch: group.head_ref.replace(/^refs\/heads\//, ''),
    sha: group.head_sha,
    sender: personOf(sender),
  };
}
