import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { Check } from '../core/report/check.ts';
import { gateReport, gateStatus } from '../core/report/gate-check.ts';
import { type CheckReporter, createCheckReporter } from './check-reporter.ts';
import { createLogCopier } from './copy-logs.ts';
import type { Checks, Metrics, ObservedRun, Report } from './ports.ts';
import { createRunIndex, type KnownRun, type RunIndex } from './run-index.ts';
import { type GateNotes, readReported } from './run-notes.ts';
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
  readonly metrics: Pick<Metrics, 'checkMade' | 'reported' | 'reportRetried'>;
}

/** Told of runs by the follower. */
export interface RunListener {
  /** A run that the engine told of, for the first time or again. */
  changed(run: KnownRun, isNew: boolean): void;
  /** Every run that there was at the start has been told of. */
  listed(): void;
}

/** Follows every run of the engine: copies its logs, and brings its check and its gate to GitHub. */
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
}

interface Following extends CheckSources {
  readonly ports: FollowPorts;
  readonly gates: Map<string, GateNotes>;
  /** Reporters at work, by the external id of their check; they go once their check is completed. */
  readonly reporters: Map<string, CheckReporter>;
  readonly listener: RunListener | undefined;
  listed: boolean;
}

/** See `Follower`. One reconcile a check, for runs that are new, going on, or were left behind by a crash. */
export function createFollower(ports: FollowPorts): Follower {
  const runs = createRunIndex();
  const gates = new Map<string, GateNotes>();
  let current: Following | null = null;
  return {
    runs,
    gate(name) {
      const gate = gates.get(name);
      return gate === undefined ? null : gateReport(gateRows(gate, { ports, runs }));
    },
    isKnown: (externalId) => runs.get(externalId) !== undefined || gates.has(externalId),
    ready: () => current?.listed ?? false,
    poke(name) {
      const run = runs.get(name);
      if (current !== null && run !== undefined) reportAll(current, run);
    },
    forget(name) {
      const gate = runs.get(name)?.notes.gate;
      // The runs of a gate are removed together.
      if (gate) gates.delete(gate.externalId);
      runs.forget(name);
    },
    async follow(signal, listener) {
      const following: Following = {
        ports,
        runs,
        gates,
        signal,
        logs: createLogCopier(ports, signal),
        reporters: new Map(),
        listener,
        listed: false,
      };
      current = following;
      try {
        await ports.engine.watch(
          (run) => observe(following, run),
          signal,
          () => begin(following),
        );
      } finally {
        following.listed = false;
      }
    },
  };
}

/** Nothing is decided or reported before every run is known: places in lines depend on all of them. */
function begin(following: Following): void {
  following.listed = true;
  const known = [...following.runs.all()];
  for (const run of known) following.listener?.changed(run, true);
  following.listener?.listed();
  for (const run of known) reportAll(following, run);
}

function observe(following: Following, observed: ObservedRun): void {
  const isNew = following.runs.get(observed.name) === undefined;
  const run = following.runs.put(observed);
  if (run === null || !following.listed) return;
  following.listener?.changed(run, isNew);
  reportAll(following, run);
}

function reportAll(following: Following, run: KnownRun): void {
  if (readReported(run, 'check').status !== 'completed') {
    following.logs.follow(run);
    reportRun(following, run).poke();
  }
  const { gate } = run.notes;
  if (gate === null) return;
  following.gates.set(gate.externalId, gate);
  reportGate(following, gate)?.poke();
}

function reportRun(following: Following, run: KnownRun): CheckReporter {
  return reporter(following, run, {
    externalId: run.name,
    which: 'check',
    wanted: () => wantedRunCheck(following, run.name),
    status: () => runCheckStatus(following, run.name),
  });
}

function reportGate(following: Following, gate: GateNotes): CheckReporter | null {
  const keeper = following.runs.get(gate.keeper);
  if (keeper === undefined || readReported(keeper, 'gate').status === 'completed') return null;
  return reporter(following, keeper, {
    externalId: gate.externalId,
    which: 'gate',
    wanted: async () => wantedGate(following, keeper, gate),
    status: () => gateStatus(gateRows(gate, following)),
  });
}

interface Reporting {
  readonly externalId: string;
  readonly which: 'check' | 'gate';
  readonly wanted: () => Promise<Check | null>;
  readonly status: () => Check['status'] | null;
}

/** `keeper` is the run whose annotations remember what was reported. */
function reporter(following: Following, keeper: KnownRun, reporting: Reporting): CheckReporter {
  const { ports, reporters, signal } = following;
  const { externalId, which } = reporting;
  const working = reporters.get(externalId);
  if (working !== undefined) return working;
  const created = createCheckReporter({
    checks: ports.checks,
    clock: ports.clock,
    log: ports.log.child({ check: externalId }),
    repository: keeper.notes.repository,
    signal,
    wanted: reporting.wanted,
    status: reporting.status,
    receivedAt: new Date(keeper.notes.receivedAt),
    metrics: ports.metrics,
    reported: readReported(keeper, which),
    remember: (reported) =>
      ports.engine.annotate(keeper.name, { [ANNOTATION[which]]: JSON.stringify(reported) }),
    onCompleted: () => {
      reporters.delete(externalId);
      if (which === 'check') following.logs.forget(keeper.name);
    },
  });
  reporters.set(externalId, created);
  return created;
}
