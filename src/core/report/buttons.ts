import type { Button, Conclusion } from './check.ts';

/** Identifier of the button that runs what is not green again. */
export const RERUN_BUTTON = 'rerun-failed';

/** The buttons of a check that a run or a gate completed so. */
export function buttonsOf(conclusion: Conclusion | undefined): readonly Button[] {
  if (conclusion === undefined || ['success', 'skipped', 'neutral'].includes(conclusion)) return [];
  return [
    { label: 'Re-run failed', description: 'Run what is not green once more.', identifier: RERUN_BUTTON },
  ];
}
