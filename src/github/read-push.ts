import { z } from 'zod';
import type { GitHubEvent, PushEvent } from '../core/plan/event.ts';
import {
  account,
  ignored,
  origin,
  personOf,
  readPayload,
  repository,
  repositoryOf,
  sha,
} from './event-payload.ts';
import type { Delivery } from './webhook-handler.ts';

const NO_COMMIT = '0'.repeat(40);

/** https://docs.github.com/webhooks/webhook-events-and-payloads#push */
const pushPayload = origin.extend({
  repository: repository.extend({
    // Seconds in this event, a text in all others.
    pushed_at: z.union([z.number().int().positive(), z.iso.datetime({ offset: true })]).nullish(),
  }),
  ref: z.string(),
  before: sha,
  after: sha,
  deleted: z.boolean(),
  forced: z.boolean(),
  head_commit: z.object({ id: sha, message: z.string() }).nullable(),
  sender: account.optional(),
  pusher: z.object({ name: z.string() }),
});

const REF = /^refs\/(?<kind>heads|tags)\/(?<name>.+)$/s;

/** Reduces a `push` to what we act on. */
export function readPush(delivery: Delivery): GitHubEvent {
  const read = readPayload(pushPayload, delivery);
  if ('ignored' in read) return read.ignored;
  const { payload } = read;
  const { head_commit: head, deleted, before } = payload;
  const ref = REF.exec(payload.ref)?.groups;
  if (ref?.name === undefined) return ignored(delivery, 'the ref is neither a branch nor a tag');
  if (!deleted && head === null) return ignored(delivery, 'the ref points at no commit');
  return {
    kind: 'push',
    deliveryId: delivery.id,
    repository: repositoryOf(payload),
    ref: { kind: ref.kind === 'tags' ? 'tag' : 'branch', name: ref.name },
    before: before === NO_COMMIT ? null : before,
    sha: deleted || head === null ? null : head.id,
    forced: payload.forced,
    ...pushTime(payload.repository.pushed_at),
    message: head?.message ?? '',
    sender: senderOf(payload),
  };
}

function pushTime(at: number | string | null | undefined): { pushedAt?: Date } {
  if (at == null) return {};
  return { pushedAt: new Date(typeof at === 'number' ? at * 1000 : at) };
}

/** GitHub does not promise a sender. */
function senderOf({ sender, pusher }: z.infer<typeof pushPayload>): PushEvent['sender'] {
  return sender === undefined ? { id: 0, login: pusher.name, bot: false } : personOf(sender);
}
