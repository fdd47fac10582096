import type { RunName } from '../../core/pipeline/run.ts';
import type { RepositoryRef } from '../../core/plan/event.ts';
import { createRests, type Rests } from '../back-off.ts';
import type { Clock, Engine, Log } from '../ports.ts';
import type { KnownRun, RunIndex } from './run-index.ts';

export interface AdmitPorts {
  readonly engine: Pick<Engine, 'release'>;
  readonly runs: RunIndex;
  readonly clock: Clock;
  readonly log: Log;
  /** Called before a run is released: what it needs to start is made fresh. */
  readonly prepare: (run: KnownRun) => Promise<void>;
  /** Called when a waiting run has another place. */
  readonly onMove: (name: RunName) => void;
}

/** How many runs may be under way. */
export interface AdmitLimits {
  readonly total: number;
  readonly perRepository: (repository: RepositoryRef) => number;
}

/** Lets pending runs start when there is room. */
export interface Admission {
  /** Looks again, soon: a run came, moved on or ended. */
  look(): void;
}

/** After a release that failed. */
const BACK_OFF = { firstMs: 5_000, longestMs: 300_000 };

interface Admitting extends AdmitPorts {
  readonly limits: AdmitLimits;
  readonly signal: AbortSignal;
  /** Released by us, and not heard of since. */
  readonly released: Set<RunName>;
  /** Those whose release has failed; they leave their place to others until they are tried again. */
  readonly rests: Rests;
  due: boolean;
}

/**
 * See `Admission`. Slots are counted anew each time from the runs that live, so that nothing can drift. First come,
 * first served among those that the same limit holds back; a repository at its own limit holds back nobody else.
 */
export function createAdmission(ports: AdmitPorts, limits: AdmitLimits, signal: AbortSignal): Admission {
  const rests = createRests({ ...BACK_OFF, clock: ports.clock, signal, onRested: () => look(admitting) });
  const admitting: Admitting = { ...ports, limits, signal, released: new Set(), rests, due: false };
  return { look: () => look(admitting) };
}

function look(admitting: Admitting): void {
  if (admitting.due || admitting.signal.aborted) return;
  admitting.due = true;
  queueMicrotask(() => {
    admitting.due = false;
    pass(admitting);
  });
}

function pass(admitting: Admitting): void {
  const { runs, released, limits } = admitting;
  forgetStarted(admitting);
  const room = countRoom(runs, released);
  for (const run of waitingRuns(admitting)) {
    const ahead = enter(room, run.notes.repository, limits);
    if (ahead === null) void release(admitting, run);
    else if (isWorthTelling(run, ahead) && runs.place(run.name, ahead)) admitting.onMove(run.name);
  }
}

function forgetStarted({ runs, released, rests }: Admitting): void {
  const isWaiting = (name: RunName) => runs.get(name)?.status.phase === 'pending';
  for (const name of released) if (!isWaiting(name)) released.delete(name);
  for (const name of rests.keys()) if (!isWaiting(name)) rests.forget(name);
}

async function release(admitting: Admitting, run: KnownRun): Promise<void> {
  const { engine, runs, released, rests, log, signal } = admitting;
  released.add(run.name);
  runs.place(run.name, 0);
  try {
    await admitting.prepare(run);
    await engine.release(run.name);
  } catch (error) {
    if (signal.aborted) return;
    log.warn({ err: error, run: run.name }, 'run not released, will try again');
    released.delete(run.name);
    rests.failed(run.name, error);
    look(admitting);
  }
}

/** Oldest first. */
function waitingRuns({ runs, released, rests }: Admitting): KnownRun[] {
  return [...runs.live()]
    .filter(({ status }) => status.phase === 'pending')
    .filter(({ name }) => !released.has(name) && !rests.isResting(name))
    .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
}

/**
 * Far back in a long line one place more or less says nothing, and a thousand checks that say it would keep those
 * waiting that have news: a place is told anew when it is a fifth off.
 */
function isWorthTelling({ status }: KnownRun, ahead: number): boolean {
  const told = status.phase === 'pending' ? status.ahead : 0;
  return Math.abs(told - ahead) >= Math.max(1, told / 5);
}

interface Room {
  total: number;
  readonly perRepository: Map<number, number>;
  /** How many wait already, for the whole and for each repository. */
  waitForTotal: number;
  readonly waitForRepository: Map<number, number>;
}

function countRoom(runs: RunIndex, released: ReadonlySet<RunName>): Room {
  const room: Room = { total: 0, perRepository: new Map(), waitForTotal: 0, waitForRepository: new Map() };
  for (const { name, status, notes } of runs.live()) {
    if (status.phase === 'pending' && !released.has(name)) continue;
    room.total += 1;
    add(room.perRepository, notes.repository.id);
  }
  return room;
}

/** Takes a slot and gives null, or the place in the line of those whom the same limit holds back. */
function enter(room: Room, repository: RepositoryRef, limits: AdmitLimits): number | null {
  const { id } = repository;
  if ((room.perRepository.get(id) ?? 0) >= limits.perRepository(repository)) {
    return add(room.waitForRepository, id) - 1;
  }
  if (room.total >= limits.total) {
    room.waitForTotal += 1;
    return room.waitForTotal - 1;
  }
  room.total += 1;
  add(room.perRepository, id);
  return null;
}

function add(counts: Map<number, number>, id: number): number {
  const count = (counts.get(id) ?? 0) + 1;
  counts.set(id, count);
  return count;
}
