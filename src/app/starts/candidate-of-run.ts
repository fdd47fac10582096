import type { Candidate } from '../../core/plan/candidate.ts';
import type { RepositoryRef } from '../../core/plan/event.ts';
import type { KnownRun } from '../runs/run-index.ts';

/**
 * The candidate that a run was made for, as another attempt at it: whatever was left out then, or had to be approved, was decided.
 * `repository`: as it is now, where an event tells.
 */
export function candidateOfRun(
  { notes, key }: KnownRun,
  attempt: number,
  repository: RepositoryRef = notes.repository,
): Candidate {
  const { sha, ref, before, pushedAt, author } = notes;
  const { purpose, trust, base } = key;
  return {
    deliveryId: '',
    repository,
    sha,
    ref,
    purpose,
    trust,
    base,
    attempt,
    before,
    forced: false,
    at: new Date(pushedAt),
    filtered: false,
    gated: true,
    approved: true,
    author,
  };
}
