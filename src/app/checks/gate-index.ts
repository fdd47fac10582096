import type { KnownRun } from '../runs/run-index.ts';
import type { GateNotes } from '../runs/run-notes.ts';
import { scopeOf } from '../starts/attempts.ts';

/** The gates of the runs that are known. Every gate of a commit tells of the newest attempt of each project, whichever it was made with. */
export interface GateIndex {
  get(externalId: string): GateNotes | undefined;
  /** Those that a run belongs to: all of its commit and purpose. */
  of(run: KnownRun): readonly GateNotes[];
  /** Takes in the gate that a run tells of. */
  put(run: KnownRun): void;
  /** The run is removed; with it goes the gate that it keeps. */
  forget(run: KnownRun): void;
}

export function createGateIndex(): GateIndex {
  const gates = new Map<string, GateNotes>();
  /** External ids, by what the gates are of. */
  const scopes = new Map<string, Set<string>>();
  return {
    get: (externalId) => gates.get(externalId),
    of: (run) => [...(scopes.get(scopeOf(run)) ?? [])].flatMap((externalId) => gates.get(externalId) ?? []),
    put(run) {
      const { gate } = run.notes;
      if (gate === null || gates.has(gate.externalId)) return;
      gates.set(gate.externalId, gate);
      const scope = scopeOf(run);
      scopes.set(scope, (scopes.get(scope) ?? new Set()).add(gate.externalId));
    },
    forget(run) {
      const { gate } = run.notes;
      if (gate?.keeper !== run.name) return;
      const scope = scopeOf(run);
      const own = scopes.get(scope);
      gates.delete(gate.externalId);
      own?.delete(gate.externalId);
      if (own?.size === 0) scopes.delete(scope);
    },
  };
}
