import type { Finding } from '../../core/report/failures/finding.ts';
import { historyText, type PastRun } from '../../core/report/history.ts';
import type { KnownRun, RunIndex } from '../runs/run-index.ts';
import { readFailed } from '../runs/run-notes.ts';

/** What changed since the runs of the same branch and project that ended before this one, in Markdown; '' for nothing. */
export function historyOf(runs: RunIndex, run: KnownRun, findings: readonly Finding[]): string {
  const now = pastRun(run, failedNames(findings));
  if (now === null) return '';
  const before = runs
    .ofBranch(run)
    .filter((other) => other.name !== run.name && other.createdAt.getTime() <= run.createdAt.getTime())
    .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
    .flatMap((other) => pastRun(other, readFailed(other)) ?? []);
  return historyText(now, before);
}

/** Names of what failed, without warnings. */
export function failedNames(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ level, name }) => (level === 'failure' ? [name] : []));
}

/** Null for a run that says nothing of its commit: it goes on, was cancelled, or was ended by the infrastructure. */
function pastRun({ status, notes }: KnownRun, failed: readonly string[]): PastRun | null {
  if (status.phase !== 'done') return null;
  const { verdict, steps, finishedAt } = status;
  if (verdict === 'cancelled' || verdict === 'infrastructure') return null;
  const starts = steps.flatMap(({ startedAt }) => startedAt?.getTime() ?? []);
  const seconds = starts.length === 0 ? null : (finishedAt.getTime() - Math.min(...starts)) / 1000;
  return { sha: notes.sha, isGreen: verdict === 'succeeded', seconds, failed };
}
