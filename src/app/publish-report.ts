import { gateName } from '../core/pipeline/names.ts';
import { checkName } from '../core/plan/check-name.ts';
import type { FinalReport } from '../core/report/plain-output.ts';
import { keyOfPush, type LivePush } from './plan-push.ts';
import type { Checks, Clock, LogStore, RunLinks } from './ports.ts';

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
export async function publishReport(ports: ReportPorts, event: LivePush, report: FinalReport): Promise<void> {
  const { repository } = event;
  const key = keyOfPush(event, '');
  const name = checkName({ tag: key.tag });
  const externalId = gateName(key);
  const existing = await ports.checks.list(repository, event.sha, name);
  if (existing.some((check) => check.externalId === externalId)) return;
  await ports.logStore.saveReport(externalId, report.page);
  await ports.checks.create(repository, {
    name,
    headSha: event.sha,
    externalId,
    detailsUrl: ports.links.url(externalId),
    status: 'completed',
    conclusion: report.conclusion,
    completedAt: ports.clock.now(),
    output: report.output,
  });
}
