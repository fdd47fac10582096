import type { RunName } from '../core/pipeline/run.ts';
import type { ObservedRun } from './ports.ts';
import { type RunNotes, readNotes } from './run-notes.ts';

export interface KnownRun extends ObservedRun {
  readonly notes: RunNotes;
}

type Annotations = KnownRun['annotations'];

/** What was written on a run and not told of yet, and what was told of last. */
interface Written {
  readonly own: Annotations;
  readonly told: Annotations;
}

/** The runs that the engine told of, as they were last seen. */
export interface RunIndex {
  get(name: RunName): KnownRun | undefined;
  /** In the order in which they were first seen. */
  all(): Iterable<KnownRun>;
  /** Those that have not ended, in the order in which they were first seen. */
  live(): Iterable<KnownRun>;
  /** Takes a run's newest state; null for a run that is not ours. */
  put(run: ObservedRun): KnownRun | null;
  /** Sets how many runs start before one that waits; true when that is new. */
  place(name: RunName, ahead: number): boolean;
  /** Takes in annotations that the engine has accepted, which it may tell of later than what else it tells. */
  annotated(name: RunName, annotations: Annotations): void;
  /** Forgets such annotations: another server may have written others since. */
  trustEngine(): void;
  forget(name: RunName): void;
}

/** Notes never change, so they are read once a run; how many are ahead is ours to say, not the engine's. */
export function createRunIndex(): RunIndex {
  const runs = new Map<RunName, KnownRun>();
  const live = new Map<RunName, KnownRun>();
  const written = new Map<RunName, Written>();

  function keep(run: KnownRun): KnownRun {
    runs.set(run.name, run);
    if (run.status.phase === 'done') live.delete(run.name);
    else live.set(run.name, run);
    return run;
  }

  /** What is told of as it was written is the engine's from then on. */
  function write(name: RunName, told: Annotations, own: Annotations): void {
    const untold = Object.entries(own).filter(([key, value]) => told[key] !== value);
    if (untold.length === 0) written.delete(name);
    else written.set(name, { own: Object.fromEntries(untold), told });
  }

  return {
    get: (name) => runs.get(name),
    all: () => runs.values(),
    live: () => live.values(),
    put(run) {
      const before = runs.get(run.name);
      const notes = before?.notes ?? readNotes(run);
      if (notes === null) return null;
      const waits = run.status.phase === 'pending' && before?.status.phase === 'pending';
      write(run.name, run.annotations, written.get(run.name)?.own ?? {});
      const own = written.get(run.name)?.own;
      return keep({
        ...run,
        notes,
        ...(own && { annotations: { ...run.annotations, ...own } }),
        ...(waits && { status: before.status }),
      });
    },
    place(name, ahead) {
      const run = runs.get(name);
      if (run?.status.phase !== 'pending' || run.status.ahead === ahead) return false;
      keep({ ...run, status: { ...run.status, ahead } });
      return true;
    },
    annotated(name, added) {
      const run = runs.get(name);
      const before = written.get(name);
      write(name, before?.told ?? run?.annotations ?? {}, { ...before?.own, ...added });
      if (run !== undefined) keep({ ...run, annotations: { ...run.annotations, ...added } });
    },
    trustEngine() {
      for (const [name, { told }] of written) {
        const run = runs.get(name);
        if (run !== undefined) keep({ ...run, annotations: told });
      }
      written.clear();
    },
    forget(name) {
      written.delete(name);
      runs.delete(name);
      live.delete(name);
    },
  };
}
