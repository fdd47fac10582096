import { gateName } from '../../core/pipeline/names.ts';
import { type Candidate, candidateKey, refText } from '../../core/plan/candidate.ts';
import { wasGivenUp } from '../runs/given-up.ts';
import type { KnownRun, RunIndex } from '../runs/run-index.ts';
import { readWants } from '../runs/run-notes.ts';

/** Whether everything that a candidate asks for was made before: then nothing need be read. */
export function isRun(runs: RunIndex, candidate: Candidate): boolean {
  const gate = gateName(candidateKey(candidate, ''));
  return runs
    .ofCommit(candidate.repository.id, candidate.sha)
    .filter(({ key }) => gateName(key) === gate)
    .some((run) => isWhole(runs, run));
}

/** The attempt at a candidate that may leave nothing out, where an earlier one of the same commit did: a merge queue tests everything. */
export function wholeAttempt(runs: RunIndex, candidate: Candidate): number {
  const first = gateName(candidateKey({ ...candidate, attempt: 1 }, ''));
  const gates = runs
    .ofCommit(candidate.repository.id, candidate.sha)
    .filter(({ key }) => gateName({ ...key, attempt: 1 }) === first)
    .flatMap(({ notes }) => notes.gate ?? []);
  const leavesOut = (attempt: number) =>
    gates.some(
      (gate) =>
        gate.attempt === attempt && gate.members.some((member) => 'skipped' in member && !candidate.filtered),
    );
  let { attempt } = candidate;
  while (leavesOut(attempt)) attempt += 1;
  return attempt;
}

/** A plan that was cut short by a crash has to be made again. */
function isWhole(runs: RunIndex, { notes: { gate } }: KnownRun): boolean {
  return (
    gate === null || gate.members.every((member) => 'skipped' in member || runs.get(member.run) !== undefined)
  );
}

/**
 * Whether other runs say of the commit what this candidate's would: those of somebody with write access, beside which a stranger's can say
 * neither more nor less, those that were made when more was known of its pull request, those that publish it, which do more, and those of
 * the bot that pushed it, whoever opens a pull request for it.
 */
export function isAnswered(runs: RunIndex, candidate: Candidate & { readonly at: Date }): boolean {
  const { repository, sha, trust, purpose, filtered, author, ref, at } = candidate;
  const known = runs.ofCommit(repository.id, sha).filter((run) => !wasGivenUp(runs, run));
  if (trust === 'untrusted') {
    return known.some(
      (run) => run.key.trust === 'trusted' || Date.parse(readWants(run)[refText(ref)] ?? '') > at.getTime(),
    );
  }
  if (purpose === 'publish' || !filtered) return false;
  const isOfPull = author !== null;
  return known.some(
    ({ key, notes }) =>
      (key.purpose === 'publish' && key.tag === null) ||
      (isOfPull && key.trust === 'untrusted' && refText(notes.ref) === refText(ref)),
  );
}
