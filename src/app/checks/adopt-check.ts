import type { RepositoryRef } from '../../core/plan/event.ts';
import type { Check } from '../../core/report/check.ts';
import type { Checks } from '../github-ports.ts';

/**
 * Finds the check that an unanswered creation may have made and completes all of its doubles. The newest is kept: of
 * several checks with one name GitHub's rules take the newest, so a completed double must never be it.
 * Returns its id, or null when there is none.
 */
export async function adoptCheck(
  checks: Checks,
  repository: RepositoryRef,
  check: Check,
): Promise<number | null> {
  const existing = await checks.list(repository, check.headSha, check.name);
  const [newest, ...doubles] = existing
    .filter(({ externalId }) => externalId === check.externalId)
    .sort((a, b) => b.id - a.id);
  for (const double of doubles.filter(({ status }) => status !== 'completed')) {
    await checks.update(repository, double.id, {
      ...check,
      status: 'completed',
      conclusion: 'neutral',
      output: {
        title: 'A double of another check',
        summary: 'See the other one of this name.',
        annotations: [],
      },
    });
  }
  return newest?.id ?? null;
}
