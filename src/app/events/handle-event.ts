import type { ActedEvent, GitHubEvent } from '../../core/plan/event.ts';
import { createInTurn, createOnceEach, type InTurn } from '../concurrency.ts';
import type { PullRequests } from '../github-ports.ts';
import type { RunIndex } from '../runs/run-index.ts';
import type { Superseder } from '../runs/supersede-runs.ts';
import type { StartPorts } from '../starts/start-plan.ts';
import { onButton } from './on-button.ts';
import { onComment } from './on-comment.ts';
import { onMergeGroup } from './on-merge-group.ts';
import { onPullRequest } from './on-pull-request.ts';
import { onPush } from './on-push.ts';
import { onRerun } from './on-rerun.ts';

export interface EventPorts extends StartPorts {
  readonly pullRequests: PullRequests;
  readonly superseder: Pick<Superseder, 'moved' | 'attempt'>;
  readonly runs: RunIndex;
}

/**
 * Acts on events. A delivery that comes again while it is worked on joins that work; what is done for one commit follows
 * each other, so that the second finds what the first has made.
 */
export function createEventHandler(ports: EventPorts): (event: GitHubEvent) => Promise<void> {
  const once = createOnceEach<void>();
  const inTurn = createInTurn();
  return async (event) => {
    if (event.kind === 'ignored') {
      ports.log.debug({ delivery: event.deliveryId, reason: event.reason }, 'event ignored');
      return;
    }
    ports.runs.met(event.repository);
    await once(event.deliveryId, () => act({ ...ports, inTurn }, event));
  };
}

export interface ActingPorts extends EventPorts {
  readonly inTurn: InTurn;
}

function act(ports: ActingPorts, event: ActedEvent): Promise<void> {
  switch (event.kind) {
    case 'push':
      return onPush(ports, event);
    case 'pull_request':
      return onPullRequest(ports, event);
    case 'merge_group':
      return onMergeGroup(ports, event);
    case 'rerun':
      return onRerun(ports, event);
    case 'button':
      return onButton(ports, event);
    case 'comment':
      return onComment(ports, event);
  }
}
