import type { Report } from '../app/ports.ts';
import type { StepRef } from '../core/pipeline/run.ts';
import type { StepState } from '../core/pipeline/run-status.ts';
import type { Conclusion } from '../core/report/check.ts';

/** What the run page shows of a run. All texts are shown as text, whatever they hold. */
export interface RunView {
  readonly name: string;
  /** `acme/api` */
  readonly repository: string;
  readonly sha: string;
  /** Branch, tag or pull request, as a person calls it. */
  readonly ref: string;
  readonly project: string;
  readonly checkName: string;
  /** The check's title: "test failed: TestRouter". */
  readonly title: string;
  readonly state: RunState;
  readonly attempt: number;
  /** What started it: "push by octocat". */
  readonly trigger: string;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  /** In order of execution. */
  readonly steps: readonly StepView[];
  readonly decisions: readonly string[];
  readonly commitUrl: string;
}

export type RunState = 'queued' | 'in_progress' | Conclusion;

export interface StepView {
  readonly ref: StepRef;
  /** "test 1.25" */
  readonly label: string;
  readonly state: StepState;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly exitCode?: number;
}

/** Null when neither a run nor a report has the name. */
export type FindRun = (name: string) => Found | Promise<Found>;

export type Found = RunView | { readonly report: Report } | null;

/** A step's name in addresses and anchors: `test`, `test-1.25`. One of a kind in a run. */
export function stepSlug({ stage, variant }: StepRef): string {
  return variant === undefined ? stage : `${stage}-${variant.toWellFormed()}`;
}
