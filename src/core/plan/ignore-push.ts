import type { PushEvent } from './event.ts';

/** Branches of merge queues: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests */
const MERGE_QUEUE = 'gh-readonly-queue/';

/** Why a push needs no look at the repository at all, or null when it does. */
export function ignorePush(event: PushEvent): string | null {
  if (event.sha === null) return `the ${event.ref.kind} was deleted`;
  if (event.ref.kind === 'branch' && event.ref.name.startsWith(MERGE_QUEUE)) {
    return "a merge queue's branch: its merge_group event is acted on instead";
  }
  return null;
}
