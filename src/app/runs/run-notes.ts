import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import type { PlacedStep, RunName } from '../../core/pipeline/run.ts';
import type { Cause } from '../../core/pipeline/run-status.ts';
import type { CandidateRef } from '../../core/plan/candidate.ts';
import type { RepositoryRef } from '../../core/plan/event.ts';
import type { Purpose, Trust } from '../../core/plan/run-key.ts';
import type { ObservedRun, TurnVerdict } from '../ports.ts';

/** A project of a gate: skipped with a reason, or a run. */
export type GateMember =
  | { readonly project: string; readonly skipped: string }
  | { readonly project: string; readonly run: RunName };

export interface GateNotes {
  readonly checkName: string;
  readonly externalId: string;
  /** +1 whenever one of its projects is run again. */
  readonly attempt: number;
  /** The run whose annotations remember what was reported of the gate. */
  readonly keeper: RunName;
  readonly members: readonly GateMember[];
}

export interface TargetNotes {
  readonly to: string;
  readonly approve: boolean;
  /** Where what is deployed can be looked at. */
  readonly url?: string;
}

/** What the app writes on a run when it is made, to follow it later without any other memory. */
export interface RunNotes {
  readonly repository: RepositoryRef;
  readonly sha: string;
  /** Whose newest commit it was when the run was made. */
  readonly ref: CandidateRef;
  readonly project: string;
  /** Where the project is in the repository; absent in runs of older versions. */
  readonly folder?: string;
  /** The project's Dockerfile, below its folder, which kaniko does not name; absent when it has the usual name. */
  readonly dockerfile?: string;
  readonly attempt: number;
  readonly checkName: string;
  readonly purpose: Purpose;
  readonly trust: Trust;
  /** When the event was received, and when its ref was pushed; ISO 8601. */
  readonly receivedAt: string;
  readonly pushedAt: string;
  /** The commit before it on its ref. */
  readonly before: string | null;
  /** Where the run deploys to, if its turns say so. */
  readonly targets: readonly TargetNotes[];
  readonly decisions: readonly string[];
  readonly gate: GateNotes | null;
  /** Account id of who opened the pull request that asked for it; null when a push did. */
  readonly author: number | null;
  /** The delivery that asked for another attempt: when it comes again it asks for nothing more. */
  readonly asked?: string;
  /** The run that this one tries again by itself. */
  readonly retryOf?: RunName;
}

/** What was last reported of a check, kept on the run so that a restart goes on where it stopped. */
export interface Reported {
  /** A creation was begun: without an id the check may exist all the same. */
  readonly begun?: boolean;
  readonly id?: number;
  readonly status?: string;
  /** Hash of what GitHub last accepted. */
  readonly digest?: string;
}

/** The annotation that carries a run's notes. */
export function noteAnnotations(notes: RunNotes): Record<string, string> {
  return { [ANNOTATION.plan]: JSON.stringify(notes) };
}

/** The notes of a run; null for a run that the app did not make. */
export function readNotes(run: ObservedRun): RunNotes | null {
  const text = run.annotations[ANNOTATION.plan];
  return text === undefined ? null : (JSON.parse(text) as RunNotes);
}

/** The steps of a run, in order. */
export function readSteps(run: ObservedRun): readonly PlacedStep[] {
  return JSON.parse(run.annotations[ANNOTATION.steps] ?? '[]') as PlacedStep[];
}

/** What was reported of the run's own check, or of the gate that the run keeps. */
export function readReported(run: ObservedRun, which: 'check' | 'gate'): Reported {
  return JSON.parse(run.annotations[ANNOTATION[which]] ?? '{}') as Reported;
}

/** Who wants a commit's run: a ref whose head it was, as `refText` writes it, and since when (ISO 8601). */
export type Wants = Readonly<Record<string, string>>;

export function readWants(run: Pick<ObservedRun, 'annotations'>): Wants {
  return JSON.parse(run.annotations[ANNOTATION.wantedBy] ?? '{}') as Wants;
}

export function wantsAnnotation(wants: Wants): Record<string, string> {
  return { [ANNOTATION.wantedBy]: JSON.stringify(wants) };
}

/** Annotations are small: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations */
const MOST_FAILED = 50;
const NAME_LENGTH = 120;

/** The names of what failed in a run, those of another run of its branch among them. */
export function readFailed(run: Pick<ObservedRun, 'annotations'>): readonly string[] {
  return JSON.parse(run.annotations[ANNOTATION.failed] ?? '[]') as string[];
}

export function failedAnnotation(names: readonly string[]): Record<string, string> {
  const kept = [...new Set(names.map((name) => [...name].slice(0, NAME_LENGTH).join('')))];
  return { [ANNOTATION.failed]: JSON.stringify(kept.slice(0, MOST_FAILED)) };
}

/** Why a run that would have been tried again is not. */
export interface RetryRefusal {
  readonly refused: string;
}

export function readRetry(run: Pick<ObservedRun, 'annotations'>): RetryRefusal | null {
  return JSON.parse(run.annotations[ANNOTATION.retry] ?? 'null') as RetryRefusal | null;
}

export function retryAnnotation(refusal: RetryRefusal): Record<string, string> {
  return { [ANNOTATION.retry]: JSON.stringify(refusal) };
}

/** Who is ending a run, as the engine wrote it down; null when nobody is, or the engine writes nothing. */
export function readCanceller(run: Pick<ObservedRun, 'annotations'>): string | null {
  const cause = JSON.parse(run.annotations[ANNOTATION.cause] ?? 'null') as Cause | null;
  return cause?.kind === 'cancelled' ? cause.by : null;
}

/** Whether the log store may have less than what the steps of a run printed, although the run's check is completed. */
export function areLogsUnstored(run: Pick<ObservedRun, 'annotations'>): boolean {
  return run.annotations[ANNOTATION.logs] === 'unstored';
}

export function logsAnnotation(are: 'unstored' | 'stored'): Record<string, string> {
  return { [ANNOTATION.logs]: are };
}

/** How the turns of a run were answered, by target. */
export type TurnAnswers = Readonly<Record<string, TurnVerdict>>;

export function readTurns(run: Pick<ObservedRun, 'annotations'>): TurnAnswers {
  return JSON.parse(run.annotations[ANNOTATION.turns] ?? '{}') as TurnAnswers;
}
