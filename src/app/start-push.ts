import { ignorePush } from '../core/plan/ignore-push.ts';
import { refusedReport, skippedReport } from '../core/report/plain-output.ts';
import { problemReport } from '../core/report/problem-check.ts';
import { UserError } from '../core/user-error.ts';
import { type AttemptedPush, isLive, type LivePush, planPush } from './plan-push.ts';
import { publishReport } from './publish-report.ts';
import { type StartPorts, startPlan } from './start-plan.ts';

/**
 * Acts on a push. Resolves once the effect is durable (runs made, or a check that needs no run posted) or there is
 * nothing to do; rejects when GitHub should deliver again. Doing it twice does nothing more.
 */
export async function startPush(ports: StartPorts, event: AttemptedPush): Promise<void> {
  const receivedAt = ports.clock.now();
  const { owner, name } = event.repository;
  const log = ports.log.child({ delivery: event.deliveryId, repository: `${owner}/${name}`, sha: event.sha });
  if (!isLive(event)) {
    log.info({ reason: ignorePush(event) }, 'push ignored');
    return;
  }
  try {
    await act({ ...ports, log }, event, receivedAt);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log.info({ code: error.code }, 'push refused');
    await publishReport(ports, event, refusedReport(error.message));
  }
}

async function act(ports: StartPorts, event: LivePush, receivedAt: Date): Promise<void> {
  const planned = await planPush(ports, event);
  switch (planned.kind) {
    case 'nothing':
      ports.log.info({ reason: planned.reason }, 'push ignored');
      return;
    case 'invalid':
      ports.log.info({ problems: planned.problems.length }, 'config invalid');
      return publishReport(ports, event, problemReport(planned.problems));
    case 'skipped':
      ports.log.info({ reason: planned.reason }, 'push skipped');
      return publishReport(ports, event, skippedReport(planned.reason));
    case 'runs':
      return startPlan(ports, event, { plan: planned.plan, receivedAt });
  }
}
