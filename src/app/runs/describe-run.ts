import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import { keyText } from '../../core/pipeline/names.ts';
import type { StepRef } from '../../core/pipeline/run.ts';
import type { StepState } from '../../core/pipeline/run-status.ts';
import type { Check, Conclusion } from '../../core/report/check.ts';
import { runCheck } from '../../core/report/run-check.ts';
import { stepLabel } from '../../core/report/step-label.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { readSteps } from './run-notes.ts';

/** What the run page shows of a run. All texts are shown as text, whatever they hold. */
export interface RunView {
  readonly name: string;
  /** `acme/api` */
  readonly repository: string;
  readonly sha: string;
  /** Branch or tag, as a person calls it. */
  readonly ref: string;
  readonly project: string;
  readonly checkName: string;
  /** The check's title. */
  readonly title: string;
  readonly state: RunState;
  readonly attempt: number;
  /** All attempts at what this run is one of, as far as they are known, in order; this one too. */
  readonly attempts: readonly AttemptView[];
  /** The first line of the commit's message. */
  readonly trigger: string;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  /** In order of execution. */
  readonly steps: readonly StepView[];
  readonly decisions: readonly string[];
  readonly commitUrl: string;
}

export type RunState = 'queued' | 'in_progress' | Conclusion;

export interface AttemptView {
  readonly attempt: number;
  readonly name: string;
  readonly state: RunState;
}

export interface StepView {
  readonly ref: StepRef;
  /** "test 1.25" */
  readonly label: string;
  readonly state: StepState;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly exitCode?: number;
}

/** Everything that the run page shows besides the logs. */
export function describeRun(run: KnownRun, runs: Pick<RunIndex, 'ofCommit'>): RunView {
  const { notes, annotations } = run;
  const { repository, sha, checkName, project, decisions, attempt } = notes;
  const check = checkOf(run);
  const tag = annotations[ANNOTATION.tag] ?? '';
  return {
    name: run.name,
    repository: `${repository.owner}/${repository.name}`,
    sha,
    ref: tag === '' ? (annotations[ANNOTATION.branch] ?? '') : `tag ${tag}`,
    project: project === '.' ? repository.name : project,
    checkName,
    title: check.output.title,
    state: stateOf(check),
    attempt,
    attempts: attemptsOf(run, runs),
    trigger: annotations[ANNOTATION.title] ?? '',
    ...(check.startedAt === undefined ? {} : { startedAt: check.startedAt }),
    ...(check.completedAt === undefined ? {} : { finishedAt: check.completedAt }),
    steps: describeSteps(run),
    decisions,
    commitUrl: `${repository.htmlUrl}/commit/${sha}`,
  };
}

function checkOf({ name, notes, status }: KnownRun): Check {
  const { sha, checkName, project, decisions } = notes;
  return runCheck({ checkName, externalId: name, sha, detailsUrl: '', project, decisions }, status);
}

function stateOf({ status, conclusion }: Check): RunState {
  return status === 'completed' ? (conclusion ?? 'neutral') : status;
}

function attemptsOf(run: KnownRun, runs: Pick<RunIndex, 'ofCommit'>): AttemptView[] {
  const scope = scopeOf(run);
  return runs
    .ofCommit(run.notes.repository.id, run.notes.sha)
    .filter((other) => scopeOf(other) === scope)
    .map((other) => ({ attempt: other.key.attempt, name: other.name, state: stateOf(checkOf(other)) }))
    .toSorted((a, b) => a.attempt - b.attempt);
}

/** What all attempts have in common. */
function scopeOf({ key }: KnownRun): string {
  return keyText({ ...key, attempt: 0 });
}

function describeSteps(run: KnownRun): StepView[] {
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
