import { buttonsOf } from '../../core/report/buttons.ts';
import type { Check } from '../../core/report/check.ts';
import { plain } from '../../core/report/markdown.ts';
import { runConclusion } from '../../core/report/run-check.ts';
import { worst } from '../../core/report/worst.ts';
import { wasGivenUp } from '../runs/given-up.ts';
import type { KnownRun, RunIndex } from '../runs/run-index.ts';
import { readWants } from '../runs/run-notes.ts';
import { newestAttempt } from '../runs/second-attempt.ts';
import { type CommitRuns, runsOfCommit } from '../starts/attempts.ts';
import type { WaitingPulls } from './waiting-pulls.ts';

export interface OtherPullsSources {
  readonly runs: RunIndex;
  readonly waiting: Pick<WaitingPulls, 'bases'>;
}

/**
 * The check of a stranger's commit, with a view to other pull requests whose head is the same commit: GitHub shows one check of a name
 * for a commit, whatever it is merged into, so it is the worst of theirs. A base branch that tests less must not pass for another.
 */
export async function withOtherPulls(
  { runs, waiting }: OtherPullsSources,
  run: KnownRun,
  check: Check,
): Promise<Check> {
  const others = otherPulls(runs, run);
  if (check.status !== 'completed' || check.conclusion === undefined) return check;
  if (others.some(({ newest }) => newest.some((other) => verdictOf(runs, other) === null))) {
    return withTitle(dropEnd(check), 'Waits for another pull request with this commit');
  }
  const verdicts = others.flatMap(({ newest }) => newest.flatMap((other) => verdictOf(runs, other) ?? []));
  const known = worst([check.conclusion, ...verdicts]);
  const unapproved = worst([known, 'action_required']);
  // Not asked when it says no more.
  const isWorse = unapproved !== known && isAnyUnapproved(runs, run, await waiting.bases(run));
  const conclusion = isWorse ? unapproved : known;
  if (conclusion === check.conclusion) return check;
  const buttons = buttonsOf(conclusion);
  return withTitle(
    { ...check, conclusion, buttons },
    `${check.output.title}, but not for another pull request`,
  );
}

/** Other runs whose end changes what the check of this one says. */
export function runsOfOtherPulls(runs: RunIndex, run: KnownRun): readonly KnownRun[] {
  return otherPulls(runs, run).flatMap(({ newest }) => newest);
}

function otherPulls(runs: RunIndex, run: KnownRun): readonly CommitRuns[] {
  const { key, notes } = run;
  if (key.trust === 'trusted') return [];
  return runsOfCommit(runs, notes.repository.id, notes.sha).filter(({ newest }) =>
    newest.every(
      (other) =>
        other.key.trust === 'untrusted' && other.key.base !== key.base && isOfOthers(runs, run, other),
    ),
  );
}

/** One pull request that got another base has two runs, of which the newer one counts. */
function isOfOthers(runs: RunIndex, one: KnownRun, other: KnownRun): boolean {
  const refs = (run: KnownRun) => Object.keys(readWants(run)).toSorted().join('\n');
  return !wasGivenUp(runs, other) && refs(one) !== refs(other);
}

function verdictOf(runs: RunIndex, run: KnownRun) {
  const newest = newestAttempt(runs, run.name);
  return newest === undefined ? null : runConclusion(newest.status);
}

/** A pull request that waits for its approval, and of whose base nothing was run. */
function isAnyUnapproved(runs: RunIndex, { notes }: KnownRun, waiting: readonly string[]): boolean {
  const known = runs.ofCommit(notes.repository.id, notes.sha);
  const approved = new Set(known.map(({ key }) => key.base));
  return waiting.some((base) => !approved.has(base));
}

function dropEnd({ conclusion: _conclusion, completedAt: _completedAt, ...check }: Check): Check {
  return { ...check, status: 'in_progress' };
}

function withTitle(check: Check, title: string): Check {
  return { ...check, output: { ...check.output, title: plain(title) } };
}
