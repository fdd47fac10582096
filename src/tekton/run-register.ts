import { EventEmitter, once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { Clock, Log, ObservedRun } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { ResourceSink } from './follow-resource.ts';
import { isForgettable, newEntry, observedRun, type RunEntry, withPod, withSighting } from './run-entry.ts';
import type { ObservedKind, Sighting } from './status/run-record.ts';
import { runNameOf } from './status/run-record.ts';

export interface RunRegisterOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Called whenever something of a run was seen. */
  readonly onSeen: (entry: RunEntry) => void;
}

/** The runs of the watched namespaces, as far as objects of them were seen. */
export interface RunRegister {
  get(name: RunName): RunEntry | undefined;
  all(): Iterable<RunEntry>;
  /** Takes in the objects of one kind in one namespace. */
  sink(kind: ObservedKind, namespace: string): ResourceSink;
  /** Tells of every run that is known, then of whatever changes. */
  tell(onChange: (run: ObservedRun) => void): void;
  /** Looks at a run again: time alone changes what is to be told of it. */
  look(name: RunName): void;
  /** Resolves when something of the run was seen; rejects with an `AbortError`. */
  nextChange(name: RunName, signal: AbortSignal): Promise<void>;
  /** Forgets everything and tells nobody any more. */
  clear(): void;
}

export function createRunRegister({ clock, log, onSeen }: RunRegisterOptions): RunRegister {
  const entries = new Map<RunName, RunEntry>();
  const told = new Map<RunName, ObservedRun>();
  const changes = new EventEmitter().setMaxListeners(0);
  let listener: ((run: ObservedRun) => void) | null = null;

  function announce(run: ObservedRun | null): void {
    if (run === null || listener === null || isDeepStrictEqual(told.get(run.name), run)) return;
    told.set(run.name, run);
    try {
      listener(run);
    } catch (error) {
      log.error({ run: run.name, err: error }, 'a watcher of runs failed');
    }
  }

  function keep(entry: RunEntry): void {
    if (isForgettable(entry)) entries.delete(entry.name);
    else entries.set(entry.name, entry);
    changes.emit(eventOf(entry.name));
    onSeen(entry);
    announce(observedRun(entry, clock.now()));
  }

  function see(sighting: Sighting, namespace: string): void {
    const name = runNameOf(sighting);
    if (name === null) return;
    const known = entries.get(name);
    if (known === undefined && sighting.deleted === true) return;
    keep(withSighting(known ?? newEntry(name, namespace), sighting));
    if (sighting.kind !== 'PipelineRun' || sighting.deleted !== true) return;
    const last = told.get(name);
    if (last !== undefined && last.status.phase !== 'done') announce(lostRun(last, clock.now()));
    told.delete(name);
  }

  function lose(kind: ObservedKind, entry: RunEntry, name: string): void {
    if (kind === 'Pod') keep(withPod(entry, name, null));
    else see({ kind, object: remains(name, entry.name), deleted: true }, entry.namespace);
  }

  function loseOthers(kind: ObservedKind, namespace: string, names: ReadonlySet<string>): void {
    const lost = [...entries.values()]
      .filter((entry) => entry.namespace === namespace)
      .flatMap((entry) => namesOf(entry, kind).map((name) => ({ run: entry.name, name })))
      .filter(({ name }) => !names.has(name));
    for (const { run, name } of lost) {
      const entry = entries.get(run);
      if (entry !== undefined) lose(kind, entry, name);
    }
  }

  return {
    get: (name) => entries.get(name),
    all: () => entries.values(),
    sink: (kind, namespace) => ({
      put: (object) => see({ kind, object }, namespace),
      remove: (object) => see({ kind, object, deleted: true }, namespace),
      listed: (names) => loseOthers(kind, namespace, names),
    }),
    tell(onChange) {
      listener = onChange;
      for (const entry of entries.values()) announce(observedRun(entry, clock.now()));
    },
    look(name) {
      const entry = entries.get(name);
      if (entry !== undefined) announce(observedRun(entry, clock.now()));
    },
    async nextChange(name, signal) {
      await once(changes, eventOf(name), { signal });
    },
    clear() {
      listener = null;
      entries.clear();
      told.clear();
    },
  };
}

/** An emitter treats some plain names in ways of its own. */
function eventOf(name: RunName): string {
  return `run ${name}`;
}

function namesOf({ name, own, record, turns, pods }: RunEntry, kind: ObservedKind): readonly string[] {
  switch (kind) {
    case 'PipelineRun':
      return own === null ? [] : [name];
    case 'TaskRun':
      return [...record.taskRuns.keys()];
    case 'CustomRun':
      return [...turns.keys()];
    case 'Pod':
      return [...pods.keys()];
  }
}

/** All that can be said of an object that was deleted while nobody looked. */
function remains(name: string, run: RunName): unknown {
  return { metadata: { name, labels: { 'tekton.dev/pipelineRun': run } } };
}

/** A run whose PipelineRun was deleted will never end by itself. */
function lostRun(last: ObservedRun, now: Date): ObservedRun {
  const steps = 'steps' in last.status ? last.status.steps : [];
  return {
    ...last,
    status: {
      phase: 'done',
      verdict: 'cancelled',
      cause: { kind: 'cancelled', by: 'an operator', why: 'the PipelineRun was deleted in Kubernetes' },
      steps: steps.map((step) =>
        step.state === 'waiting' || step.state === 'running' ? { ...step, state: 'skipped' } : step,
      ),
      results: {},
      finishedAt: now,
    },
  };
}
