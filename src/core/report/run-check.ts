import type { RunStatus, Verdict } from '../pipeline/run-status.ts';
import { buttonsOf } from './buttons.ts';
import type { Annotation, Check, Conclusion } from './check.ts';
import { failureName } from './failure-card.ts';
import type { StepFailure } from './failures/read-failure.ts';
import { runSummary } from './run-summary.ts';
import { runTitle } from './run-title.ts';

/** What a run's check needs besides its status. */
export interface RunFacts {
  readonly checkName: string;
  readonly externalId: string;
  readonly sha: string;
  readonly detailsUrl: string;
  /** The project's name; `.` when the repository is one project. */
  readonly project: string;
  readonly decisions: readonly string[];
  /** What the failing step's log tells; absent while there is none. */
  readonly failure?: StepFailure;
  /** What is told of it, at the lines of files. */
  readonly annotations?: readonly Annotation[];
  /** What changed since the runs before it, as `historyText` says it. */
  readonly history?: string;
  /** Where what is deployed can be looked at, by target. */
  readonly environments?: ReadonlyMap<string, string>;
  /** What must be masked in the words of the engine; those of logs are already. */
  readonly secrets?: readonly string[];
  /** Page of the second attempt, when the run was tried again by itself. */
  readonly retryUrl?: string;
}

const CONCLUSIONS: Readonly<Record<Verdict, Conclusion>> = {
  succeeded: 'success',
  failed: 'failure',
  cancelled: 'cancelled',
  'timed-out': 'timed_out',
  infrastructure: 'failure',
};

/** The check that a run's status calls for. Pure: the same status gives the same check. */
export function runCheck(facts: RunFacts, status: RunStatus): Check {
  const state = progress(status);
  const buttons = buttonsOf(state.conclusion);
  return {
    name: facts.checkName,
    headSha: facts.sha,
    externalId: facts.externalId,
    detailsUrl: facts.detailsUrl,
    ...state,
    output: {
      title: title(facts, status),
      summary: runSummary(facts, status),
      annotations: facts.annotations ?? [],
    },
    ...(buttons.length > 0 && { buttons }),
  };
}

function title({ retryUrl, failure }: RunFacts, status: RunStatus): string {
  const title = runTitle(status, failure === undefined ? null : failureName(failure));
  return retryUrl === undefined ? title : `${title}, tried again`;
}

/** The conclusion that a run's end calls for; null while it goes on. */
export function runConclusion(status: RunStatus): Conclusion | null {
  return status.phase === 'done' ? CONCLUSIONS[status.verdict] : null;
}

/** The check's status by itself. */
export function checkStatus(status: RunStatus): Check['status'] {
  return progress(status).status;
}

function progress(status: RunStatus): Pick<Check, 'status' | 'conclusion' | 'startedAt' | 'completedAt'> {
  switch (status.phase) {
    case 'pending':
      return { status: 'queued' };
    case 'starting':
      return { status: 'in_progress', startedAt: status.since };
    case 'running':
      return { status: 'in_progress', ...startOf(status) };
    case 'done':
      return {
        status: 'completed',
        conclusion: CONCLUSIONS[status.verdict],
        completedAt: status.finishedAt,
        ...startOf(status),
      };
  }
}

function startOf(status: Extract<RunStatus, { phase: 'running' | 'done' }>): { startedAt?: Date } {
  const starts = status.steps.flatMap(({ startedAt }) => startedAt?.getTime() ?? []);
  return starts.length === 0 ? {} : { startedAt: new Date(Math.min(...starts)) };
}
