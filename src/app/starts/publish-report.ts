import { gateName } from '../../core/pipeline/names.ts';
import { type Candidate, candidateKey } from '../../core/plan/candidate.ts';
import { checkName } from '../../core/plan/check-name.ts';
import type { FinalReport } from '../../core/report/plain-output.ts';
import type { Checks } from '../github-ports.ts';
import type { Clock, LogStore, RunLinks } from '../ports.ts';

export interface ReportPorts {
  readonly checks: Checks;
  readonly logStore: LogStore;
  readonly links: RunLinks;
  readonly clock: Clock;
}

/**
 * Posts the one check of a commit that has no run: invalid, skipped or refused. The check itself is what is durable;
 * it is looked for first, so that a second delivery finds the first one's.
 */
export async function publishReport(
  ports: ReportPorts,
  candidate: Candidate,
  report: FinalReport,
  externalId = gateName(candidateKey(candidate, '')),
): Promise<void> {
  const { repository } = candidate;
  const name = checkName({ tag: candidateKey(candidate, '').tag });
  const existing = await ports.checks.list(repository, candidate.sha, name);
  if (existing.some((check) => check.externalId === externalId)) return;
  await ports.logStore.saveReport(externalId, report.page);
  await ports.checks.create(repository, {
    name,
    headSha: candidate.sha,
    externalId,
    detailsUrl: ports.links.url(externalId),
    status: 'completed',
    conclusion: report.conclusion,
    completedAt: ports.clock.now(),
    output: report.output,
    ...(report.buttons && { buttons: report.buttons }),
  });
}
