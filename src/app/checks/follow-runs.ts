import type { RunName } from '../../core/pipeline/run.ts';
import { gateReport } from '../../core/report/gate-check.ts';
import type { ObservedRun, Report } from '../ports.ts';
import { createRunIndex, type KnownRun, type RunIndex } from '../runs/run-index.ts';
import { createGateIndex, type GateIndex } from './gate-index.ts';
import { runsOfOtherPulls } from './other-pulls.ts';
import {
  createReporting,
  type FollowPorts,
  type Reporting,
  reportCheck,
  reportGate,
} from './report-checks.ts';
import { gateRows } from './wanted-check.ts';

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
      const reporting = createReporting(ports, runs, signal);
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
