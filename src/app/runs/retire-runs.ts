import type { RunName } from '../../core/pipeline/run.ts';
import type { Clock, Engine, Log, LogStore } from '../ports.ts';
import { comparePushes, deploysTo } from './decide-turn.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { readReported } from './run-notes.ts';

export interface RetirePorts {
  readonly engine: Pick<Engine, 'remove'>;
  readonly logStore: Pick<LogStore, 'remove'>;
  readonly runs: RunIndex;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Nothing needs to be remembered of that run any more. */
  readonly onRemoved: (name: RunName) => void;
}

/** Which finished runs stay: so many of each project, and none that ended longer ago. */
export interface KeepOptions {
  readonly perProject: number;
  /** Seconds. */
  readonly for: number;
}

/** GitHub redelivers for three days, people for longer; the name of a run that is there is what refuses a second one. */
const NEVER_WITHIN_MS = 7 * 24 * 3_600_000;

/** Removes the runs that need not be kept, each after its logs; one that fails is tried again the next time. */
export async function retireRuns(ports: RetirePorts, keep: KeepOptions): Promise<void> {
  const { engine, logStore, runs, log, onRemoved } = ports;
  for (const run of runsToRetire(runs, keep, ports.clock.now())) {
    try {
      await logStore.remove(run.name);
      if (run.notes.gate?.keeper === run.name) await logStore.remove(run.notes.gate.externalId);
      await engine.remove(run.name);
      onRemoved(run.name);
      log.info({ run: run.name }, 'run removed');
    } catch (error) {
      log.warn({ err: error, run: run.name }, 'run not removed');
    }
  }
}

/** The runs of a gate go together, and the newest of each deploy's target stays: it is what an older one is held against. */
function runsToRetire(runs: RunIndex, keep: KeepOptions, now: Date): KnownRun[] {
  const all = [...runs.all()];
  const going = new Set(byProject(all).flatMap((project) => oldOf(project, keep, now)));
  const staying = all.filter((run) => !going.has(run));
  // Grows while it is walked: what a run holds that stays holds others in turn, as the gate of an earlier attempt.
  for (const { notes } of staying) {
    for (const member of notes.gate?.members ?? []) {
      const run = 'run' in member ? runs.get(member.run) : undefined;
      if (run !== undefined && going.delete(run)) staying.push(run);
    }
  }
  return [...going].filter((run) => !isNewestOfTarget(run, all));
}

function byProject(all: readonly KnownRun[]): KnownRun[][] {
  const projects = Map.groupBy(all, ({ notes }) => `${notes.repository.id}/${notes.project}`);
  return [...projects.values()];
}

function oldOf(runs: readonly KnownRun[], keep: KeepOptions, now: Date): KnownRun[] {
  const ended = runs
    .flatMap((run) => (run.status.phase === 'done' ? { run, at: run.status.finishedAt.getTime() } : []))
    .sort((one, other) => other.at - one.at);
  return ended
    .filter(({ run, at }, index) => {
      const age = now.getTime() - at;
      const isOld = index >= keep.perProject || age > keep.for * 1000;
      // Of a repository that the app was removed from GitHub takes no check any more.
      const isGivenUp = age > keep.for * 1000 + NEVER_WITHIN_MS;
      return isOld && age > NEVER_WITHIN_MS && (isReported(run) || isGivenUp);
    })
    .map(({ run }) => run);
}

function isReported(run: KnownRun): boolean {
  const { gate } = run.notes;
  const keepsGate = gate?.keeper === run.name;
  return (
    readReported(run, 'check').status === 'completed' &&
    (!keepsGate || readReported(run, 'gate').status === 'completed')
  );
}

function isNewestOfTarget(run: KnownRun, all: readonly KnownRun[]): boolean {
  return run.notes.targets.some(
    ({ to }) => !all.some((other) => deploysTo(other, run, to) && comparePushes(other, run) > 0),
  );
}
