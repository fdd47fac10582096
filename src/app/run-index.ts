import type { RunName } from '../core/pipeline/run.ts';
import type { ObservedRun } from './ports.ts';
import { type RunNotes, readNotes } from './run-notes.ts';

export interface KnownRun extends ObservedRun {
  readonly notes: RunNotes;
}

/** The runs that the engine told of, as they were last seen. */
export interface RunIndex {
  get(name: RunName): KnownRun | undefined;
  /** Takes a run's newest state; null for a run that is not ours. */
  put(run: ObservedRun): KnownRun | null;
}

/** Notes never change, so they are read once a run. */
export function createRunIndex(): RunIndex {
  const runs = new Map<RunName, KnownRun>();
  return {
    get: (name) => runs.get(name),
    put(run) {
      const notes = runs.get(run.name)?.notes ?? readNotes(run);
      if (notes === null) return null;
      const known = { ...run, notes };
      runs.set(run.name, known);
      return known;
    },
  };
}
