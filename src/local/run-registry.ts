import type { Log, ObservedRun } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { RunStore } from './run-store.ts';
import type { StoredRun } from './stored-run.ts';

/** The runs in memory, and who wants to hear of them. */
export interface RunRegistry {
  /** Takes in a run that is on the disk already. */
  add(run: StoredRun): void;
  get(name: RunName): StoredRun | undefined;
  /** The next number in the order of submission. */
  nextSequence(): number;
  /** Throws for a run that is not there. */
  require(name: RunName): StoredRun;
  /** Changes a run on the disk, then in memory, then tells watchers; changes of one run come one after the other. */
  change(name: RunName, update: (run: StoredRun) => StoredRun): Promise<void>;
  /** Tells watchers of a run again: its place in the queue moved. */
  announce(name: RunName): void;
  /** Removes a run from the disk, then from memory. */
  remove(name: RunName): Promise<void>;
  /** Tells of every run at once, then of every change. */
  watch(onChange: (run: ObservedRun) => void, signal: AbortSignal): void;
  /** Resolves at the next change of this run; rejects with the signal's reason. */
  nextChange(name: RunName, signal: AbortSignal): Promise<void>;
  /** Resolves when all changes that were asked for are made, or refused. */
  settled(): Promise<void>;
}

interface Entry {
  run: StoredRun;
  /** The last change that was asked for. */
  last: Promise<void>;
}

export interface RunRegistryOptions {
  readonly store: RunStore;
  readonly log: Log;
  /** Runs that start before this one. */
  readonly aheadOf: (name: RunName) => number;
}

export function createRunRegistry({ store, log, aheadOf }: RunRegistryOptions): RunRegistry {
  const entries = new Map<RunName, Entry>();
  const watchers = new Set<(run: ObservedRun) => void>();
  const waiting = new Map<RunName, Set<() => void>>();
  let sequence = 0;

  function tell(run: StoredRun, watcher: (run: ObservedRun) => void): void {
    try {
      watcher(observe(run, aheadOf));
    } catch (error) {
      log.error({ run: run.name, err: error }, 'a watcher of runs failed');
    }
  }

  function announce(name: RunName): void {
    const entry = entries.get(name);
    if (entry !== undefined) for (const watcher of watchers) tell(entry.run, watcher);
    for (const wake of waiting.get(name) ?? []) wake();
  }

  async function apply(entry: Entry, update: (run: StoredRun) => StoredRun): Promise<void> {
    const changed = update(entry.run);
    if (changed === entry.run) return;
    await store.save(changed);
    entry.run = changed;
    announce(changed.name);
  }

  function entryOf(name: RunName): Entry {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`There is no run ${name}`);
    return entry;
  }

  return {
    add(run) {
      sequence = Math.max(sequence, run.sequence);
      entries.set(run.name, { run, last: Promise.resolve() });
      announce(run.name);
    },
    get: (name) => entries.get(name)?.run,
    nextSequence() {
      sequence += 1;
      return sequence;
    },
    require: (name) => entryOf(name).run,
    async change(name, update) {
      const entry = entryOf(name);
      const change = entry.last.then(() => apply(entry, update));
      entry.last = change.catch(() => {});
      return change;
    },
    announce,
    async remove(name) {
      const entry = entryOf(name);
      // In line with its changes: one that comes later finds nothing to change.
      const removal = entry.last.then(() => store.remove(name));
      entry.last = removal.catch(() => {});
      await removal;
      entries.delete(name);
      announce(name);
    },
    watch(onChange, signal) {
      if (signal.aborted) return;
      for (const { run } of entries.values()) tell(run, onChange);
      watchers.add(onChange);
      signal.addEventListener('abort', () => watchers.delete(onChange), { once: true });
    },
    nextChange(name, signal) {
      return new Promise((resolve, reject) => {
        const wakers = waiting.get(name) ?? new Set();
        const done = () => {
          wakers.delete(done);
          if (wakers.size === 0) waiting.delete(name);
          signal.removeEventListener('abort', done);
          if (signal.aborted) reject(signal.reason);
          else resolve();
        };
        waiting.set(name, wakers.add(done));
        signal.addEventListener('abort', done);
        if (signal.aborted) done();
      });
    },
    async settled() {
      await Promise.all([...entries.values()].map(({ last }) => last));
    },
  };
}

function observe(run: StoredRun, aheadOf: (name: RunName) => number): ObservedRun {
  const { name, annotations, createdAt, status } = run;
  const current = status.phase === 'pending' ? { phase: status.phase, ahead: aheadOf(name) } : status;
  return { name, annotations, createdAt, status: current };
}
