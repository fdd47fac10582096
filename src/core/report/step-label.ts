import type { StepRef } from '../pipeline/run.ts';

/** A step as people say it: `test`, `test 1.25`, `deploy staging`. */
export function stepLabel(step: StepRef): string {
  return step.variant === undefined ? step.stage : `${step.stage} ${step.variant}`;
}

/** True when both name the same step. */
export function sameStep(a: StepRef, b: StepRef): boolean {
  return a.stage === b.stage && a.variant === b.variant;
}
