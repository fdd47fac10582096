import type { GitHubEvent } from '../core/plan/event.ts';
import { ignored } from './event-payload.ts';
import { readCheckRun, readCheckSuite } from './read-check.ts';
import { readComment } from './read-comment.ts';
import { readMergeGroup } from './read-merge-group.ts';
import { readPullRequest } from './read-pull-request.ts';
import { readPush } from './read-push.ts';
import type { Delivery } from './webhook-handler.ts';

type ReadEvent = (delivery: Delivery, appId: number) => GitHubEvent;

const READERS: Readonly<Record<string, ReadEvent>> = {
  push: readPush,
  pull_request: readPullRequest,
  merge_group: readMergeGroup,
  check_run: readCheckRun,
  check_suite: readCheckSuite,
  issue_comment: readComment,
};

/** Names of the events that may lead to anything: those that GitHub could not deliver are worth another try. */
export const EVENTS: ReadonlySet<string> = new Set(Object.keys(READERS));

/** Reduces a delivery to what we act on; everything else is ignored, with the reason. Makes no request. */
export function readEvent(delivery: Delivery, appId: number): GitHubEvent {
  const read = Object.hasOwn(READERS, delivery.name) ? READERS[delivery.name] : undefined;
  if (read === undefined) return ignored(delivery, `${delivery.name} events are not acted on`);
  if (delivery.payload.installation === undefined)
    return ignored(delivery, 'the event is of no installation');
  return read(delivery, appId);
}
