import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { Check } from '../core/report/check.ts';
import { gateReport } from '../core/report/gate-check.ts';
import { type CheckReporter, createCheckReporter } from './check-reporter.ts';
import { createLogCopier } from './copy-logs.ts';
import type { Checks, ObservedRun, Report } from './ports.ts';
import { createRunIndex, type KnownRun, type RunIndex } from './run-index.ts';
import { type GateNotes, readReported } from './run-notes.ts';
import { type CheckPorts, type CheckSources, gateRows, wantedGate, wantedRunCheck } from './wanted-check.ts';

export interface FollowPorts extends CheckPorts {
  readonly checks: Checks;
}

/** Follows every run of the engine: copies its logs, and brings its check and its gate to GitHub. */
export interface Follower {
  readonly runs: RunIndex;
  /** What a gate says now, by its external id; null for a name that is no gate's. */
  gate(name: string): Report | null;
  /** True while the engine is watched. */
  ready(): boolean;
  /** Works until the signal ends it. */
  follow(signal: AbortSignal): Promise<void>;
}

interface Following extends CheckSources {
  readonly ports: FollowPorts;
  readonly gates: Map<string, GateNotes>;
  /** Reporters at work, by the external id of their check; they go once their check is completed. */
  readonly reporters: Map<string, CheckReporter>;
}

/** See `Follower`. One reconcile a check, for runs that are new, going on, or were left behind by a crash. */
export function createFollower(ports: FollowPorts): Follower {
  const runs = createRunIndex();
  const gates = new Map<string, GateNotes>();
  let watching = false;
  return {
    runs,
    gate(name) {
      const gate = gates.get(name);
      return gate === undefined ? null : gateReport(gateRows(gate, { ports, runs }));
    },
    ready: () => watching,
    async follow(signal) {
      const following: Following = {
        ports,
        runs,
        gates,
        signal,
        logs: createLogCopier(ports, signal),
        reporters: new Map(),
      };
      watching = true;
      try {
        await ports.engine.watch((run) => observe(following, run), signal);
      } finally {
        watching = false;
      }
    },
  };
}

function observe(following: Following, observed: ObservedRun): void {
  const run = following.runs.put(observed);
  if (run === null) return;
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
  });
}

function reportGate(following: Following, gate: GateNotes): CheckReporter | null {
  const keeper = following.runs.get(gate.keeper);
  if (keeper === undefined || readReported(keeper, 'gate').status === 'completed') return null;
  return reporter(following, keeper, {
    externalId: gate.externalId,
    which: 'gate',
    wanted: async () => wantedGate(following, keeper, gate),
  });
}

interface Reporting {
  readonly externalId: string;
  readonly which: 'check' | 'gate';
  readonly wanted: () => Promise<Check | null>;
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
