import type { RunName } from '../../core/pipeline/run.ts';
import type { GateNotes } from '../runs/run-notes.ts';

/** The gates of the runs that are known. A run that is not run again belongs to the next gate of its commit too. */
export interface GateIndex {
  get(externalId: string): GateNotes | undefined;
  /** Those that a run belongs to. */
  of(name: RunName): readonly GateNotes[];
  put(gate: GateNotes): void;
  /** The run is removed; with it goes the gate that it keeps. */
  forget(name: RunName): void;
}

export function createGateIndex(): GateIndex {
  const gates = new Map<string, GateNotes>();
  /** External ids, by run. */
  const members = new Map<RunName, Set<string>>();
  return {
    get: (externalId) => gates.get(externalId),
    of: (name) => [...(members.get(name) ?? [])].flatMap((externalId) => gates.get(externalId) ?? []),
    put(gate) {
      if (gates.has(gate.externalId)) return;
      gates.set(gate.externalId, gate);
      for (const member of gate.members) {
        if ('skipped' in member) continue;
        members.set(member.run, (members.get(member.run) ?? new Set()).add(gate.externalId));
      }
    },
    forget(name) {
      for (const externalId of members.get(name) ?? []) {
        if (gates.get(externalId)?.keeper === name) gates.delete(externalId);
      }
      members.delete(name);
    },
  };
}
