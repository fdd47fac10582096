import { type Candidate, isBot, pullCandidate } from '../../core/plan/candidate.ts';
import type { Person, RepositoryRef } from '../../core/plan/event.ts';
import type { PullRequestState, ReadPull } from '../github-ports.ts';

/** The head of the pull request, approved. */
export function askedCandidate(
  { repository, pull, deliveryId }: Pick<Asked, 'repository' | 'pull' | 'deliveryId'>,
  bots: readonly string[],
): Candidate {
  const head = { ...pull, repositoryId: pull.headRepositoryId };
  const candidate = pullCandidate(head, {
    about: { repository, deliveryId },
    isBots: isBot(pull.author, bots),
  });
  return { ...candidate, ...(pull.at && { at: pull.at }) };
}

/** What is known of a command's pull request and of who gave it. */
export interface Asked extends ReadPull {
  readonly repository: RepositoryRef;
  readonly pull: PullRequestState;
  readonly sender: Person;
  readonly deliveryId: string;
}
