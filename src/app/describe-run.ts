import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { StepRef } from '../core/pipeline/run.ts';
import type { StepState } from '../core/pipeline/run-status.ts';
import type { Conclusion } from '../core/report/check.ts';
import { runCheck } from '../core/report/run-check.ts';
import { stepLabel } from '../core/report/step-label.ts';
import type { KnownRun } from './run-index.ts';
import { readSteps } from './run-notes.ts';

/** A run as people look at it. */
export interface RunDescription {
  readonly name: string;
  /** `acme/api` */
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly project: string;
  readonly checkName: string;
  readonly title: string;
  readonly state: 'queued' | 'in_progress' | Conclusion;
  readonly attempt: number;
  readonly trigger: string;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly steps: readonly StepDescription[];
  readonly decisions: readonly string[];
  readonly commitUrl: string;
}

export interface StepDescription {
  readonly ref: StepRef;
  readonly label: string;
  readonly state: StepState;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly exitCode?: number;
}

/** Everything that the run page shows besides the logs. */
export function describeRun(run: KnownRun): RunDescription {
  const { notes, annotations, status } = run;
  const { repository, sha, checkName, project, decisions, attempt } = notes;
  const check = runCheck(
    { checkName, externalId: run.name, sha, detailsUrl: '', project, decisions },
    status,
  );
  const tag = annotations[ANNOTATION.tag] ?? '';
  return {
    name: run.name,
    repository: `${repository.owner}/${repository.name}`,
    sha,
    ref: tag === '' ? (annotations[ANNOTATION.branch] ?? '') : `tag ${tag}`,
    project: project === '.' ? repository.name : project,
    checkName,
    title: check.output.title,
    state: check.status === 'completed' ? (check.conclusion ?? 'neutral') : check.status,
    attempt,
    trigger: annotations[ANNOTATION.title] ?? '',
    ...(check.startedAt === undefined ? {} : { startedAt: check.startedAt }),
    ...(check.completedAt === undefined ? {} : { finishedAt: check.completedAt }),
    steps: describeSteps(run),
    decisions,
    commitUrl: `${repository.htmlUrl}/commit/${sha}`,
  };
}

function describeSteps(run: KnownRun): StepDescription[] {
  const { status } = run;
  const steps =
    status.phase === 'running' || status.phase === 'done'
      ? status.steps
      : readSteps(run).map(({ task: _task, step: _step, ...ref }) => ({ ...ref, state: 'waiting' as const }));
  return steps.map(({ stage, variant, ...step }) => {
    const ref = variant === undefined ? { stage } : { stage, variant };
    return { ...step, ref, label: stepLabel(ref) };
  });
}
