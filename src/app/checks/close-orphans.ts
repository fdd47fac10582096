import type { RepositoryRef } from '../../core/plan/event.ts';
import type { Checks, ExistingCheck } from '../github-ports.ts';
import type { Clock, Log, RunLinks } from '../ports.ts';

export interface OrphanPorts {
  readonly checks: Checks;
  readonly links: RunLinks;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a run or a gate of that external id is known. */
  readonly isKnown: (externalId: string) => boolean;
}

/**
 * Completes the checks of ours on a commit that go on although nothing is known of their run: nobody else ever would.
 * To be called with checks that are listed anyway, and only once every run is known.
 */
export async function closeOrphans(
  { checks, links, clock, log, isKnown }: OrphanPorts,
  { repository, sha }: { readonly repository: RepositoryRef; readonly sha: string },
  listed: readonly ExistingCheck[],
): Promise<void> {
  for (const { id, name, externalId, status } of listed) {
    if (status === 'completed' || isKnown(externalId)) continue;
    log.warn(
      { check: externalId, repository: `${repository.owner}/${repository.name}`, sha },
      'orphan check',
    );
    await checks.update(repository, id, {
      name,
      headSha: sha,
      externalId,
      detailsUrl: links.url(externalId),
      status: 'completed',
      conclusion: 'cancelled',
      completedAt: clock.now(),
      output: {
        title: 'The run is lost',
        summary:
          'Nothing is known of this run any more: what the server kept of it is gone. Re-run it, or push again.',
        annotations: [],
      },
    });
  }
}
