import type { Person, RepositoryRef } from '../../core/plan/event.ts';
import type { ReadCommit, ReadPull } from '../github-ports.ts';
import { runCandidate } from '../starts/run-candidate.ts';
import { askedCandidate } from './asked.ts';
import type { ActingPorts } from './handle-event.ts';

export interface Approval extends ReadPull {
  readonly repository: RepositoryRef;
  /** The commit that was looked at, all 40 digits. */
  readonly sha: string;
  readonly sender: Person;
  readonly deliveryId: string;
}

/** Runs the commit of a fork's pull request, if it still is what was looked at. Resolves with the answer, in words; null for done. */
export async function approve(ports: ActingPorts, approval: Approval): Promise<string | null> {
  const { repository, pull, sha, sender, permission, commit } = approval;
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
  await runCandidate(commit === null ? ports : withCommit(ports, commit), candidate, approval.deliveryId);
  return null;
}

/** What was read with the pull request is not read again. */
function withCommit(ports: ActingPorts, commit: ReadCommit): ActingPorts {
  const { repositories } = ports;
  return {
    ...ports,
    repositories: {
      ...repositories,
      async snapshot(repository, sha, branches) {
        return sha === commit.sha ? commit.snapshot() : repositories.snapshot(repository, sha, branches);
      },
    },
  };
}
