import type { Report } from '../app/ports.ts';
import type { RunView } from '../app/runs/describe-run.ts';
import type { StepRef } from '../core/pipeline/run.ts';

export type { RunState, RunView, StepView } from '../app/runs/describe-run.ts';

/** Null when neither a run nor a report has the name. */
export type FindRun = (name: string) => Found | Promise<Found>;

export type Found = RunView | { readonly report: Report } | null;

/** A step's name in addresses and anchors: `test`, `test-1.25`. One of a kind in a run. */
export function stepSlug({ stage, variant }: StepRef): string {
  return variant === undefined ? stage : `${stage}-${variant.toWellFormed()}`;
}
