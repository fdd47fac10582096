import type { Conclusion } from './check.ts';

/** From the worst to the best: GitHub's own order for suites. */
const WORST_FIRST: readonly Conclusion[] = [
  'failure',
  'timed_out',
  'cancelled',
  'action_required',
  'success',
];

/** The worst of them; `skipped` when there is none of these. */
export function worst(conclusions: readonly Conclusion[]): Conclusion {
  return WORST_FIRST.find((conclusion) => conclusions.includes(conclusion)) ?? 'skipped';
}
