import { z } from 'zod';
import type { GitHubEvent, IgnoredEvent, PushEvent } from '../core/plan/event.ts';
import type { Delivery } from './webhook-handler.ts';

const id = z.number().int().positive();

/** `.` and `..` would climb in the addresses of requests. */
const segment = z.string().regex(/^(?!\.{1,2}$)[\w.-]+$/);

const sha = z.string().regex(/^[0-9a-f]{40}$/);

const NO_COMMIT = '0'.repeat(40);

/** The fields that we use, and no more: https://docs.github.com/webhooks/webhook-events-and-payloads#push */
const pushPayload = z.object({
  installation: z.object({ id }),
  repository: z.object({
    id,
    name: segment,
    owner: z.object({ login: segment }),
    default_branch: z.string().min(1),
    clone_url: z.url({ protocol: /^https?$/ }),
    html_url: z.url({ protocol: /^https?$/ }),
    // Seconds in this event, a text in all others.
    pushed_at: z.union([z.number().int().positive(), z.iso.datetime({ offset: true })]).nullish(),
  }),
  ref: z.string(),
  before: sha,
  after: sha,
  deleted: z.boolean(),
  forced: z.boolean(),
  head_commit: z.object({ id: sha, message: z.string() }).nullable(),
  sender: z.object({ id, login: z.string().min(1), type: z.string() }).optional(),
  pusher: z.object({ name: z.string() }),
});

const REF = /^refs\/(?<kind>heads|tags)\/(?<name>.+)$/s;

/** Reduces a delivery to what we act on; everything else is ignored, with the reason. Makes no request. */
export function readEvent(delivery: Delivery): GitHubEvent {
  if (delivery.name !== 'push') return ignored(delivery, `${delivery.name} events are not acted on`);
  if (delivery.payload.installation === undefined)
    return ignored(delivery, 'the event is of no installation');
  const parsed = pushPayload.safeParse(delivery.payload);
  if (parsed.success) return readPush(delivery, parsed.data);
  const fields = parsed.error.issues.map((issue) => issue.path.join('.'));
  return ignored(delivery, `the payload is not what GitHub documents: ${[...new Set(fields)].join(', ')}`);
}

function readPush(delivery: Delivery, payload: z.infer<typeof pushPayload>): PushEvent | IgnoredEvent {
  const { installation, repository, head_commit: head, deleted, before } = payload;
  const ref = REF.exec(payload.ref)?.groups;
  if (ref?.name === undefined) return ignored(delivery, 'the ref is neither a branch nor a tag');
  if (!deleted && head === null) return ignored(delivery, 'the ref points at no commit');
  return {
    kind: 'push',
    deliveryId: delivery.id,
    repository: {
      installationId: installation.id,
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
      cloneUrl: repository.clone_url,
      htmlUrl: repository.html_url,
    },
    ref: { kind: ref.kind === 'tags' ? 'tag' : 'branch', name: ref.name },
    before: before === NO_COMMIT ? null : before,
    sha: deleted || head === null ? null : head.id,
    forced: payload.forced,
    ...pushTime(repository.pushed_at),
    message: head?.message ?? '',
    sender: senderOf(payload),
  };
}

function pushTime(at: number | string | null | undefined): { pushedAt?: Date } {
  if (at == null) return {};
  return { pushedAt: new Date(typeof at === 'number' ? at * 1000 : at) };
}

/** GitHub does not promise a sender. Nobody has the id 0, so nothing that asks who it was is granted. */
function senderOf({ sender, pusher }: z.infer<typeof pushPayload>): PushEvent['sender'] {
  if (sender === undefined) return { id: 0, login: pusher.name, bot: false };
  return { id: sender.id, login: sender.login, bot: sender.type === 'Bot' };
}

function ignored({ id: deliveryId }: Delivery, reason: string): IgnoredEvent {
  return { kind: 'ignored', deliveryId, reason };
}
