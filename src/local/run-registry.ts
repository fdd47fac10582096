import type { Log, ObservedRun } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { createRunListeners, type RunListeners } from './run-listeners.ts';
import type { RunStore } from './run-store.ts';
import type { StoredRun } from './stored-run.ts';

/** The runs in memory, and who wants to hear of them. */
export interface RunRegistry extends Pick<RunListeners, 'nextChange'> {
  /** Takes in a run that is on the disk already. */
  add(run: StoredRun): void;
  get(name: RunName): StoredRun | undefined;
  /** Throws for a run that is not there. */
  require(name: RunName): StoredRun;
  /** The next number in the order of submission. */
  nextSequence(): number;
  /** Changes a run on the disk, then in memory, then tells watchers; changes of one run come one after the other. */
  change(name: RunName, update: (run: StoredRun) => StoredRun): Promise<void>;
  /** Tells watchers of a run again: its place in the queue moved. */
  announce(name: RunName): void;
  /** Removes a run from the disk, then from memory. */
  remove(name: RunName): Promise<void>;
  /** Tells of every run at once, then of every change. */
  watch(onChange: (run: ObservedRun) => void, signal: AbortSignal): void;
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
  const listeners = createRunListeners({ log, aheadOf });
  let sequence = 0;

  function entryOf(name: RunName): Entry {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`There is no run ${name}`);
    return entry;
  }

  /** In line with the changes asked for before. */
  function enqueue(entry: Entry, change: () => Promise<void>): Promise<void> {
    const done = entry.last.then(change);
    entry.last = done.catch(() => {});
    return done;
  }

  return {
    add(run) {
      sequence = Math.max(sequence, run.sequence);
      entries.set(run.name, { run, last: Promise.resolve() });
      listeners.tell(run);
    },
    get: (name) => entries.get(name)?.run,
    require: (name) => entryOf(name).run,
    nextSequence: () => ++sequence,
    async change(name, update) {
      const entry = entryOf(name);
      await enqueue(entry, async () => {
        const changed = update(entry.run);
        if (changed === entry.run) return;
        await store.save(changed);
        entry.run = changed;
        listeners.tell(changed);
      });
    },
    announce(name) {
      const run = entries.get(name)?.run;
      if (run !== undefined) listeners.tell(run);
    },
    async remove(name) {
      await enqueue(entryOf(name), () => store.remove(name));
      entries.delete(name);
      listeners.wake(name);
    },
    watch(onChange, signal) {
      const runs = [...entries.values()].map(({ run }) => run);
      listeners.watch(runs, onChange, signal);
    },
    nextChange: listeners.nextChange,
    async settled() {
      await Promise.all([...entries.values()].map(({ last }) => last));
    },
  };
}
