/** A check on a commit, as far as the next commit's plan needs it. */
export interface EarlierCheck {
  readonly id: number;
  readonly name: string;
  readonly conclusion: string | null;
}

/** What satisfies a required check: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests */
const GREEN = new Set(['success', 'neutral', 'skipped']);

/**
 * Names of those `checkNames` whose newest check is not green; null when the commit has no gate at all, so that
 * nothing is known of it. A check that is missing beside a gate was skipped there, and that is green.
 */
export function notGreen(
  checks: readonly EarlierCheck[],
  gateName: string,
  checkNames: readonly string[],
): ReadonlySet<string> | null {
  const newest = new Map<string, EarlierCheck>();
  for (const check of checks) {
    const known = newest.get(check.name);
    if (known === undefined || known.id < check.id) newest.set(check.name, check);
  }
  if (!newest.has(gateName)) return null;
  return new Set(
    checkNames.filter((name) => {
      const check = newest.get(name);
      return check !== undefined && !GREEN.has(check.conclusion ?? '');
    }),
  );
}
