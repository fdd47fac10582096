import { waitingName } from '../../core/pipeline/names.ts';
import { type Candidate, candidateKey } from '../../core/plan/candidate.ts';
import type { CommitPlan } from '../../core/plan/commit-plan.ts';
import { refusedReport, skippedReport } from '../../core/report/plain-output.ts';
import { problemReport } from '../../core/report/problem-check.ts';
import { waitingReport } from '../../core/report/waiting-check.ts';
import { UserError } from '../../core/user-error.ts';
import { planCommit } from './plan-commit.ts';
import { publishReport } from './publish-report.ts';
import { type StartPorts, startPlan } from './start-plan.ts';

type RunsPlan = Extract<CommitPlan, { kind: 'runs' }>;

/** How to plan a candidate, and how to start what is to run. */
export interface Acting {
  readonly plan: () => Promise<CommitPlan>;
  readonly start: (ports: StartPorts, planned: RunsPlan) => Promise<void>;
}

/**
 * Runs what a candidate's commit asks for. Resolves once the effect is durable (runs made, or a check that needs no run posted) or
 * there is nothing to do; rejects when GitHub should deliver again. Doing it twice does nothing more.
 */
export async function startCandidate(ports: StartPorts, candidate: Candidate): Promise<void> {
  const receivedAt = ports.clock.now();
  await actOn(ports, candidate, {
    plan: () => planCommit(ports, candidate),
    start: (own, planned) => startPlan(own, candidate, { ...planned, receivedAt }),
  });
}

/** The same, planned and started in a way of the caller's. */
export async function actOn(ports: StartPorts, candidate: Candidate, { plan, start }: Acting): Promise<void> {
  const { owner, name } = candidate.repository;
  const { deliveryId: delivery, sha } = candidate;
  const log = ports.log.child({ delivery, repository: `${owner}/${name}`, sha });
  try {
    const planned = await plan();
    if (planned.kind === 'runs') await start({ ...ports, log }, planned);
    else await conclude({ ...ports, log }, candidate, planned);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log.info({ code: error.code }, 'commit refused');
    await publishReport(ports, candidate, refusedReport(error.message));
  }
}

function waitingId(candidate: Candidate): string {
  return waitingName(candidateKey(candidate, ''), candidate.ref.name);
}

async function conclude(
  ports: StartPorts,
  candidate: Candidate,
  planned: Exclude<CommitPlan, RunsPlan>,
): Promise<void> {
  switch (planned.kind) {
    case 'nothing':
      ports.log.info({ reason: planned.reason }, 'commit ignored');
      return;
    case 'unconfigured':
      ports.log.info({ advice: planned.advice }, 'commit without a config');
      return publishReport(ports, candidate, refusedReport(planned.advice));
    case 'invalid':
      ports.log.info({ problems: planned.problems.length }, 'config invalid');
      return publishReport(ports, candidate, problemReport(planned.problems, planned.elsewhere));
    case 'skipped':
      ports.log.info({ reason: planned.reason }, 'commit skipped');
      return publishReport(ports, candidate, skippedReport(planned.reason));
    case 'waiting':
      ports.log.info({}, 'commit waits for an approval');
      return publishReport(ports, candidate, waitingReport(candidate, planned), waitingId(candidate));
  }
}
