import { z } from 'zod';
import type { GitHubEvent } from '../core/plan/event.ts';
import { account, id, ignored, origin, personOf, readPayload, repositoryOf } from './event-payload.ts';
import type { Delivery } from './webhook-handler.ts';

/** https://docs.github.com/webhooks/webhook-events-and-payloads#issue_comment */
const commentPayload = origin.extend({
  issue: z.object({ number: id, pull_request: z.object({}).nullish() }),
  comment: z.object({ node_id: z.string(), body: z.string() }),
  sender: account.optional(),
});

/** Reduces an `issue_comment` to what a person wrote on a pull request. An edit is no comment: it may have been read, and approved, before. */
export function readComment(delivery: Delivery): GitHubEvent {
  const { action } = delivery.payload;
  if (action !== 'created')
    return ignored(delivery, `issue_comment ${String(action)}: only new comments are read`);
  const read = readPayload(commentPayload, delivery);
  if ('ignored' in read) return read.ignored;
  const { issue, comment, sender } = read.payload;
  if (issue.pull_request == null)
    return ignored(delivery, 'the comment is on an issue, not on a pull request');
  const person = personOf(sender);
  if (person.bot) return ignored(delivery, 'the comment is by a bot');
  return {
    kind: 'comment',
    deliveryId: delivery.id,
    repository: repositoryOf(read.payload),
    comment: comment.node_id,
    number: issue.number,
    body: comment.body,
    sender: person,
  };
}
