import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import type { RunName } from '../../core/pipeline/run.ts';
import type { Check } from '../../core/report/check.ts';
import { gateReport, gateStatus } from '../../core/report/gate-check.ts';
import type { Checks, PullRequests } from '../github-ports.ts';
import type { Metrics, ObservedRun, Report } from '../ports.ts';
import { createLogCopier } from '../runs/copy-logs.ts';
import { createRevoker, type Revoker } from '../runs/revoke-credentials.ts';
import { createRunIndex, type KnownRun, type RunIndex } from '../runs/run-index.ts';
import { type GateNotes, readReported } from '../runs/run-notes.ts';
import { type CheckReporter, createCheckReporter } from './check-reporter.ts';
import { createGateIndex, type GateIndex } from './gate-index.ts';
import { runsOfOtherPulls } from './other-pulls.ts';
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
  readonly metrics: Pick<Metrics, 'checkMade' | 'reported' | 'reportRetried'>;
}

/** Told of runs by the follower. */
export interface RunListener {
  /** A run that the engine told of, for the first time or again. */
  changed(run: KnownRun, isNew: boolean): void;
  /** Every run that there was at the start has been told of. */
  listed(): void;
}

/** Follows every run of the engine; while it reports, it copies their logs and brings their checks and gates to GitHub. */
export interface Follower {
  readonly runs: RunIndex;
  /** What a gate says now, by its external id; null for a name that is no gate's. */
  gate(name: string): Report | null;
  /** Whether a run or a gate of that external id is known. */
  isKnown(externalId: string): boolean;
  /** True while the engine is watched and all of its runs are known. */
  ready(): boolean;
  /** A run reads differently although the engine told nothing: its place in the line, what its turn waits for. */
  poke(name: RunName): void;
  /** A run was removed. */
  forget(name: RunName): void;
  /** Works until the signal ends it. */
  follow(signal: AbortSignal, listener?: RunListener): Promise<void>;
  /** Reports what is known and what comes, until the signal. Only one of several servers may at a time, and only of what it knows well. */
  report(signal: AbortSignal): void;
  /** Whether it reports now. */
  reports(): boolean;
}

interface Known {
  readonly ports: FollowPorts;
  readonly runs: RunIndex;
  readonly gates: GateIndex;
  listed: boolean;
  /** Null while another server reports. */
  reporting: Reporting | null;
}

interface Reporting extends CheckSources {
  readonly ports: FollowPorts;
  /** Reporters at work, by the external id of their check; they go once their check is completed. */
  readonly reporters: Map<string, CheckReporter>;
  readonly revoker: Revoker;
  readonly waiting: WaitingPulls;
}

/** See `Follower`. One reconcile a check, for runs that are new, going on, or were left behind by a crash. */
export function createFollower(ports: FollowPorts): Follower {
  const runs = createRunIndex();
  const gates = createGateIndex();
  const known: Known = { ports, runs, gates, listed: false, reporting: null };
  return {
    runs,
    gate(name) {
      const gate = gates.get(name);
      return gate === undefined ? null : gateReport(gateRows(gate, { ports, runs }));
    },
    isKnown: (externalId) => runs.get(externalId) !== undefined || gates.get(externalId) !== undefined,
    ready: () => known.listed,
    poke(name) {
      const run = runs.get(name);
      if (run !== undefined) reportAll(known, run);
    },
    forget(name) {
      const run = runs.get(name);
      if (run === undefined) return;
      const { gate } = run.notes;
      // Of a run whose check GitHub never took; its reporter ends when it finds that nothing is wanted any more.
      for (const id of [name, ...(gate?.keeper === name ? [gate.externalId] : [])])
        known.reporting?.reporters.delete(id);
      gates.forget(run);
      runs.forget(name);
    },
    async follow(signal, listener) {
      try {
        await ports.engine.watch(
          (run) => observe(known, run, listener),
          signal,
          () => begin(known, listener),
        );
      } finally {
        known.listed = false;
      }
    },
    reports: () => known.reporting !== null,
    report(signal) {
      const reporting = {
        ports,
        runs,
        signal,
        logs: createLogCopier(ports, signal),
        reporters: new Map(),
        revoker: createRevoker(ports.engine),
        waiting: createWaitingPulls({ ...ports, runs }),
      };
      known.reporting = reporting;
      signal.addEventListener('abort', () => {
        if (known.reporting === reporting) known.reporting = null;
      });
      if (known.listed) for (const run of [...runs.all()]) reportAll(known, run);
    },
  };
}

/** Nothing is decided or reported before every run is known: places in lines depend on all of them. */
function begin(known: Known, listener: RunListener | undefined): void {
  known.listed = true;
  const runs = [...known.runs.all()];
  for (const run of runs) listener?.changed(run, true);
  listener?.listed();
  for (const run of runs) reportAll(known, run);
}

function observe(known: Known, observed: ObservedRun, listener: RunListener | undefined): void {
  const isNew = known.runs.get(observed.name) === undefined;
  const run = known.runs.put(observed);
  if (run === null) return;
  known.gates.put(run);
  if (!known.listed) return;
  listener?.changed(run, isNew);
  reportAll(known, run);
}

function reportAll({ reporting, listed, gates }: Known, run: KnownRun): void {
  if (reporting === null || !listed) return;
  reportCheck(reporting, run);
  const { retryOf } = run.notes;
  const first = retryOf === undefined ? undefined : reporting.runs.get(retryOf);
  // It waits for the check of its second attempt.
  if (first !== undefined) reportCheck(reporting, first);
  for (const gate of gates.of(run)) reportGate(reporting, gate)?.poke();
  for (const other of runsOfOtherPulls(reporting.runs, run)) {
    reportCheck(reporting, other);
    for (const gate of gates.of(other)) reportGate(reporting, gate)?.poke();
  }
}

function reportCheck(reporting: Reporting, run: KnownRun): void {
  if (readReported(run, 'check').status === 'completed') return;
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

function reportGate(reporting: Reporting, gate: GateNotes): CheckReporter | null {
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
      if (which !== 'check') return;
      reporting.logs.forget(keeper.name);
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
