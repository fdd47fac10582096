import { isFork, pullRequestCandidate } from '../../core/plan/candidate.ts';
import type { PullRequestEvent } from '../../core/plan/event.ts';
import { runCandidate } from '../starts/run-candidate.ts';
import type { ActingPorts } from './handle-event.ts';

/**
 * Runs the head of a pull request. One of the repository's own branches was run by its push, most often, and is wanted as long as its
 * branch is there; a fork's is wanted by its pull request alone.
 */
export async function onPullRequest(ports: ActingPorts, event: PullRequestEvent): Promise<void> {
  const { repository, number, at, deliveryId, action } = event;
  if (action === 'closed') {
    if (!isFork(event)) return;
    const ref = { kind: 'pull', name: String(number) } as const;
    return ports.superseder.moved({ repository, ref, before: event.head.sha, sha: null, at });
  }
  const { bots } = ports.settings;
  const isWriter = isFork(event) && (await isWritten(ports, event));
  await runCandidate(ports, pullRequestCandidate(event, { bots, isWriter }), deliveryId);
}

async function isWritten(
  { pullRequests }: ActingPorts,
  { repository, sender }: PullRequestEvent,
): Promise<boolean> {
  return (await pullRequests.permission(repository, sender)) === 'write';
}
