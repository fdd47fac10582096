import { z } from 'zod';
import type { GitHubEvent, PullRequestEvent } from '../core/plan/event.ts';
import {
  account,
  branchName,
  id,
  ignored,
  origin,
  personOf,
  readPayload,
  repositoryOf,
  sha,
} from './event-payload.ts';
import type { Delivery } from './webhook-handler.ts';

/** https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request */
const pullRequestPayload = origin.extend({
  action: z.string(),
  number: id,
  pull_request: z.object({
    user: account.nullable(),
    updated_at: z.iso.datetime({ offset: true }),
    head: z.object({ sha, ref: branchName, repo: z.object({ id }).nullable() }),
    base: z.object({ ref: branchName }),
  }),
  before: sha.optional(),
  changes: z.object({ base: z.object({}).optional() }).optional(),
  sender: account.optional(),
});

const ACTIONS = new Set(['opened', 'reopened', 'synchronize', 'ready_for_review', 'closed']);

/** Reduces a `pull_request` to what we act on: what changes its commit, or where that is to go. */
export function readPullRequest(delivery: Delivery): GitHubEvent {
  const { action: name } = delivery.payload;
  if (name !== 'edited' && !ACTIONS.has(String(name))) {
    return ignored(delivery, `pull_request ${String(name)} does not change the commit`);
  }
  const read = readPayload(pullRequestPayload, delivery);
  if ('ignored' in read) return read.ignored;
  const { payload } = read;
  const action = actionOf(payload);
  if (action === null) return ignored(delivery, 'the pull request was edited, but not its base');
  const { head, base, user, updated_at } = payload.pull_request;
  return {
    kind: 'pull_request',
    deliveryId: delivery.id,
    repository: repositoryOf(payload),
    action,
    number: payload.number,
    head: { sha: head.sha, branch: head.ref, repositoryId: head.repo?.id ?? null },
    base: base.ref,
    before: payload.before ?? null,
    author: personOf(user),
    at: new Date(updated_at),
    sender: personOf(payload.sender),
  };
}

function actionOf({
  action,
  changes,
}: z.infer<typeof pullRequestPayload>): PullRequestEvent['action'] | null {
  if (action === 'edited') return changes?.base === undefined ? null : 'base_changed';
  // One of `ACTIONS`.
  return action as PullRequestEvent['action'];
}
