import type { RunName } from '../../core/pipeline/run.ts';
import type { Check } from '../../core/report/check.ts';
import { type GateRow, gateCheck } from '../../core/report/gate-check.ts';
import { checkStatus, runCheck } from '../../core/report/run-check.ts';
import type { Clock, RunLinks } from '../ports.ts';
import type { LogCopier, LogPorts } from '../runs/copy-logs.ts';
import { turnDecisions, turnTitle } from '../runs/decide-turn.ts';
import { keepCause } from '../runs/keep-cause.ts';
import type { LateLogs } from '../runs/late-logs.ts';
import type { KnownRun } from '../runs/run-index.ts';
import { type GateNotes, readReported } from '../runs/run-notes.ts';
import { newestAttempt, secondAttempt } from '../runs/second-attempt.ts';
import { runsBeside } from '../starts/attempts.ts';
import { type OtherPullsSources, withOtherPulls } from './other-pulls.ts';
import { historyOf } from './past-runs.ts';
import type { RunFailures } from './run-failures.ts';

/** How long the end of a run's check waits for the end of its logs. */
const LOG_PATIENCE_MS = 30_000;

export interface CheckPorts extends LogPorts {
  readonly links: RunLinks;
  readonly clock: Clock;
}

/** What is known of runs, from which it follows what their checks must say. */
export interface CheckSources extends OtherPullsSources {
  readonly ports: CheckPorts;
  readonly logs: LogCopier;
  readonly lateLogs: Pick<LateLogs, 'leave'>;
  readonly failures: Pick<RunFailures, 'of'>;
  readonly signal: AbortSignal;
}

type GateSources = Pick<CheckSources, 'runs'> & { readonly ports: Pick<CheckPorts, 'links'> };

/** The check that a run calls for now, its failing log included; null for a run that is not known. */
export async function wantedRunCheck(sources: CheckSources, name: RunName): Promise<Check | null> {
  const { ports, runs } = sources;
  const run = runs.get(name);
  if (run === undefined) return null;
  const retry = retryOf(sources, run);
  // A commit must never be red for want of a second attempt that is on its way.
  if (retry === 'coming') return null;
  if (run.status.phase === 'done') await logsCopied(sources, name);
  await keepCause({ engine: ports.engine, runs }, run);
  const told = await sources.failures.of(run);
  const history = historyOf(runs, run, told?.failure.findings ?? []);
  const { checkName, sha, project } = run.notes;
  const decisions = [...run.notes.decisions, ...turnDecisions(run)];
  const environments = new Map(
    run.notes.targets.flatMap(({ to, url }) => (url === undefined ? [] : [[to, url]])),
  );
  const detailsUrl = ports.links.url(name);
  const facts = { checkName, externalId: name, sha, project, decisions, detailsUrl, environments };
  const secrets = ports.secrets.of(name);
  const check = runCheck({ ...facts, ...told, history, secrets, ...retry }, run.status);
  const title = turnTitle(runs, run);
  const titled = title === null ? check : { ...check, output: { ...check.output, title } };
  return run.notes.gate === null ? withOtherPulls(sources, run, titled) : titled;
}

/** Where a run is tried again, once that has a check of its own. */
function retryOf({ ports, runs }: CheckSources, run: KnownRun): { readonly retryUrl?: string } | 'coming' {
  const second = secondAttempt(run);
  if (second === null) return {};
  const known = runs.get(second.name);
  if (known === undefined || readReported(known, 'check').id === undefined) return 'coming';
  return { retryUrl: ports.links.url(second.name) };
}

/** The status of that check. */
export function runCheckStatus({ runs }: Pick<CheckSources, 'runs'>, name: RunName): Check['status'] | null {
  const run = runs.get(name);
  return run === undefined ? null : checkStatus(run.status);
}

/** Waits for the copies of a run's logs, but not for ever: a check ends even when a log does not. */
async function logsCopied({ ports, logs, lateLogs, signal }: CheckSources, name: RunName): Promise<void> {
  const copied = new AbortController();
  const patience = ports.clock.sleep(LOG_PATIENCE_MS, AbortSignal.any([signal, copied.signal]));
  const isLate = patience.then(
    () => true,
    () => false,
  );
  const late = await Promise.race([logs.ended(name).then(() => false), isLate]);
  copied.abort();
  if (late) await lateLogs.leave(name);
}

/** The check that a gate calls for now; `keeper` is the run that keeps it. */
export async function wantedGate(
  sources: GateSources & OtherPullsSources,
  keeper: KnownRun,
  gate: GateNotes,
): Promise<Check> {
  const { ports } = sources;
  const { checkName, externalId } = gate;
  const detailsUrl = ports.links.url(externalId);
  const rows = gateRows(gate, sources);
  const check = gateCheck({ checkName, externalId, sha: keeper.notes.sha, detailsUrl, rows });
  return withOtherPulls(sources, keeper, check);
}

/**
 * The projects of a gate as they are now. One that was run again since is told of by that: whoever made this gate may not have known of it,
 * or have made it at the same time.
 */
export function gateRows(gate: GateNotes, { ports, runs }: GateSources): GateRow[] {
  const keeper = runs.get(gate.keeper);
  const beside = keeper === undefined ? [] : runsBeside(runs, keeper).newest;
  const newest = new Map(beside.map(({ name, notes }) => [notes.project, name]));
  return gate.members.map((member) => {
    if ('skipped' in member) return member;
    // Not one before it while it is on its way.
    const name = runs.get(member.run) === undefined ? member.run : newest.get(member.project);
    const run = newestAttempt(runs, name ?? member.run);
    return {
      project: member.project,
      status: run?.status ?? null,
      url: ports.links.url(run?.name ?? member.run),
    };
  });
}
