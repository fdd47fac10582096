import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import type { Check } from '../../core/report/check.ts';
import { gateStatus } from '../../core/report/gate-check.ts';
import type { Checks, PullRequests, Repositories } from '../github-ports.ts';
import type { Metrics } from '../ports.ts';
import { createLogCopier } from '../runs/copy-logs.ts';
import { createLateLogs, type LateLogs } from '../runs/late-logs.ts';
import { createRevoker, type Revoker } from '../runs/revoke-credentials.ts';
import type { KnownRun, RunIndex } from '../runs/run-index.ts';
import { type GateNotes, readReported } from '../runs/run-notes.ts';
import { type CheckReporter, createCheckReporter } from './check-reporter.ts';
import { createRunFailures, type RunFailures } from './run-failures.ts';
import { createWaitingPulls, type WaitingPulls } from './waiting-pulls.ts';
import {
  type CheckPorts,
  type CheckSources,
  gateRows,
  runCheckStatus,
  wantedGate,
  wantedRunCheck,
} from './wanted-check.ts';

export interface FollowPorts extends CheckPorts {
  readonly checks: Checks;
  readonly pullRequests: Pick<PullRequests, 'pull'>;
  readonly repositories: Pick<Repositories, 'lineCounts'>;
  readonly metrics: Pick<Metrics, 'checkMade' | 'reported' | 'reportRetried'>;
}

/** What brings checks and gates to GitHub, while this server does. */
export interface Reporting extends CheckSources {
  readonly ports: FollowPorts;
  /** Reporters at work, by the external id of their check; they go once their check is completed. */
  readonly reporters: Map<string, CheckReporter>;
  readonly revoker: Revoker;
  readonly lateLogs: LateLogs;
  readonly waiting: WaitingPulls;
  readonly failures: RunFailures;
}

/** @param signal ends all of its work. */
export function createReporting(ports: FollowPorts, runs: RunIndex, signal: AbortSignal): Reporting {
  const logs = createLogCopier(ports, signal);
  return {
    ports,
    runs,
    signal,
    logs,
    lateLogs: createLateLogs({ ...ports, runs, logs }, signal),
    reporters: new Map(),
    revoker: createRevoker(ports.engine),
    waiting: createWaitingPulls({ ...ports, runs }),
    failures: createRunFailures({ ...ports, runs }),
  };
}

/** Copies the logs of a run, and brings its check to GitHub. */
export function reportCheck(reporting: Reporting, run: KnownRun): void {
  if (readReported(run, 'check').status === 'completed') {
    reporting.lateLogs.resume(run);
    return;
  }
  reporting.logs.follow(run);
  checkReporter(reporting, run).poke();
}

function checkReporter(reporting: Reporting, run: KnownRun): CheckReporter {
  return reporter(reporting, run, {
    externalId: run.name,
    which: 'check',
    async wanted() {
      await reporting.revoker.revoke(reporting.runs.get(run.name) ?? run);
      return wantedRunCheck(reporting, run.name);
    },
    status: () => runCheckStatus(reporting, run.name),
  });
}

/** The reporter of a gate; null when there is nothing left to report. */
export function reportGate(reporting: Reporting, gate: GateNotes): CheckReporter | null {
  const keeper = reporting.runs.get(gate.keeper);
  if (keeper === undefined || readReported(keeper, 'gate').status === 'completed') return null;
  return reporter(reporting, keeper, {
    externalId: gate.externalId,
    which: 'gate',
    wanted: async () =>
      reporting.runs.get(keeper.name) === undefined ? null : wantedGate(reporting, keeper, gate),
    status: () => gateStatus(gateRows(gate, reporting)),
  });
}

interface Reported {
  readonly externalId: string;
  readonly which: 'check' | 'gate';
  readonly wanted: () => Promise<Check | null>;
  readonly status: () => Check['status'] | null;
}

/** `keeper` is the run whose annotations remember what was reported. */
function reporter(reporting: Reporting, keeper: KnownRun, what: Reported): CheckReporter {
  const { ports, reporters, signal } = reporting;
  const { externalId, which } = what;
  const working = reporters.get(externalId);
  if (working !== undefined) return working;
  const created = createCheckReporter({
    checks: ports.checks,
    clock: ports.clock,
    log: ports.log.child({ check: externalId }),
    repository: () => reporting.runs.repositoryOf(keeper),
    signal,
    wanted: what.wanted,
    status: what.status,
    receivedAt: beginningOf(keeper),
    metrics: ports.metrics,
    reported: readReported(keeper, which),
    async remember(reported) {
      const annotations = { [ANNOTATION[which]]: JSON.stringify(reported) };
      await ports.engine.annotate(keeper.name, annotations);
      // Or a check that is completed would be told once more, before the engine tells of it.
      reporting.runs.annotated(keeper.name, annotations);
    },
    onCompleted: () => {
      reporters.delete(externalId);
      reporting.waiting.forget(keeper.name);
      reporting.failures.forget(keeper.name);
      if (which !== 'check') return;
      if (!reporting.lateLogs.awaits(keeper.name)) reporting.logs.forget(keeper.name);
      reporting.revoker.forget(keeper.name);
    },
  });
  reporters.set(externalId, created);
  return created;
}

/** What the time until its check is there is counted from: nobody sent an event for a second attempt. */
function beginningOf({ createdAt, notes: { retryOf, receivedAt } }: KnownRun): Date {
  return retryOf === undefined ? new Date(receivedAt) : createdAt;
}
