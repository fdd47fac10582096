import { keyText } from '../../core/pipeline/names.ts';
import type { KnownRun, RunIndex } from '../runs/run-index.ts';
import { newestAttempt } from '../runs/second-attempt.ts';

/** What was made of a commit for one purpose: the branch's, a tag's, or that of pull requests into one branch. */
export interface CommitRuns {
  /** The newest attempt of every project that ran, in the order in which they were made. */
  readonly newest: readonly KnownRun[];
}

/** Everything that was made of a commit, each purpose by itself. */
export function runsOfCommit(runs: RunIndex, repositoryId: number, sha: string): readonly CommitRuns[] {
  const scopes = new Map<string, Map<string, KnownRun>>();
  for (const run of runs.ofCommit(repositoryId, sha)) {
    const scope = scopeOf(run);
    const projects = scopes.get(scope) ?? new Map<string, KnownRun>();
    const known = projects.get(run.key.project);
    if (known === undefined || known.key.attempt < run.key.attempt) projects.set(run.key.project, run);
    scopes.set(scope, projects);
  }
  return [...scopes.values()].map((projects) => ({ newest: [...projects.values()] }));
}

/** What was made for the same purpose as a run, of its commit. */
export function runsBeside(runs: RunIndex, run: KnownRun): CommitRuns {
  const all = runsOfCommit(runs, run.notes.repository.id, run.notes.sha);
  return (
    all.find(({ newest }) => newest.some((other) => scopeOf(other) === scopeOf(run))) ?? { newest: [run] }
  );
}

/** Those that ended without success; empty while nothing has. */
export function notGreenOf(runs: RunIndex, { newest }: CommitRuns): readonly KnownRun[] {
  return newest.filter((run) => {
    const status = newestAttempt(runs, run.name)?.status;
    return status?.phase === 'done' && status.verdict !== 'succeeded';
  });
}

export function allEnded({ newest }: CommitRuns): boolean {
  return newest.every(({ status }) => status.phase === 'done');
}

/** The same text for all projects and attempts of a commit and purpose. */
export function scopeOf({ key }: Pick<KnownRun, 'key'>): string {
  return keyText({ ...key, project: '', attempt: 0 });
}
