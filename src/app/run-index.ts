import type { RunName } from '../core/pipeline/run.ts';
import type { ObservedRun } from './ports.ts';
import { type RunNotes, readNotes } from './run-notes.ts';

export interface KnownRun extends ObservedRun {
  readonly notes: RunNotes;
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
  annotated(name: RunName, annotations: KnownRun['annotations']): void;
  forget(name: RunName): void;
}

/** Notes never change, so they are read once a run; how many are ahead is ours to say, not the engine's. */
export function createRunIndex(): RunIndex {
  const runs = new Map<RunName, KnownRun>();
  const live = new Map<RunName, KnownRun>();
  const annotations = new Map<RunName, KnownRun['annotations']>();

  function keep(run: KnownRun): KnownRun {
    runs.set(run.name, run);
    if (run.status.phase === 'done') live.delete(run.name);
    else live.set(run.name, run);
    return run;
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
      const own = annotations.get(run.name);
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
      annotations.set(name, { ...annotations.get(name), ...added });
      const run = runs.get(name);
      if (run !== undefined) keep({ ...run, annotations: { ...run.annotations, ...added } });
    },
    forget(name) {
      annotations.delete(name);
      runs.delete(name);
      live.delete(name);
    },
  };
}
