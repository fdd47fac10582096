import type { Person, RepositoryRef } from '../../core/plan/event.ts';
import type { Permission, PullRequestState } from '../github-ports.ts';
import { runCandidate } from '../starts/run-candidate.ts';
import { askedCandidate } from './asked.ts';
import type { ActingPorts } from './handle-event.ts';

export interface Approval {
  readonly repository: RepositoryRef;
  /** As it is now; null for what is no pull request. */
  readonly pull: PullRequestState | null;
  /** The commit that was looked at, all 40 digits. */
  readonly sha: string;
  readonly sender: Person;
  readonly permission: Permission;
  readonly deliveryId: string;
}

/** Runs the commit of a fork's pull request, if it still is what was looked at. Resolves with the answer, in words; null for done. */
export async function approve(ports: ActingPorts, approval: Approval): Promise<string | null> {
  const { repository, pull, sha, sender, permission } = approval;
  if (sender.bot || permission !== 'write')
    return 'Only people with write access to this repository can approve a run.';
  if (pull === null) return 'This is no pull request.';
  if (pull.headRepositoryId === repository.id) {
    return 'Its branch is in this repository: it runs without an approval.';
  }
  if (!pull.open) return 'The pull request is closed.';
  if (pull.sha !== sha) {
    return `The pull request has a newer commit, ${pull.sha}, which nobody has approved. Look at it, then approve that one.`;
  }
  const candidate = { ...askedCandidate({ ...approval, pull }, ports.settings.bots), reviewed: true };
  await runCandidate(ports, candidate, approval.deliveryId);
  return null;
}
