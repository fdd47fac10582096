import type { Log, ObservedRun } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { StoredRun } from './stored-run.ts';

/** Who wants to hear of runs. */
export interface RunListeners {
  /** Tells every watcher of a run as it is now, and wakes those who wait for it. */
  tell(run: StoredRun): void;
  /** Wakes those who wait for a run that is gone. */
  wake(name: RunName): void;
  /** Tells of these runs at once, then of whatever is told, until the signal. */
  watch(runs: readonly StoredRun[], onChange: (run: ObservedRun) => void, signal: AbortSignal): void;
  /** Resolves at the next change of this run; rejects with the signal's reason. */
  nextChange(name: RunName, signal: AbortSignal): Promise<void>;
}

export interface RunListenersOptions {
  readonly log: Log;
  /** Runs that start before this one. */
  readonly aheadOf: (name: RunName) => number;
}

export function createRunListeners({ log, aheadOf }: RunListenersOptions): RunListeners {
  const watchers = new Set<(run: ObservedRun) => void>();
  const waiting = new Map<RunName, Set<() => void>>();

  function tellOne(run: StoredRun, watcher: (run: ObservedRun) => void): void {
    try {
      watcher(observe(run, aheadOf));
    } catch (error) {
      log.error({ run: run.name, err: error }, 'a watcher of runs failed');
    }
  }

  function wake(name: RunName): void {
    for (const waker of waiting.get(name) ?? []) waker();
  }

  return {
    tell(run) {
      for (const watcher of watchers) tellOne(run, watcher);
      wake(run.name);
    },
    wake,
    watch(runs, onChange, signal) {
      if (signal.aborted) return;
      for (const run of runs) tellOne(run, onChange);
      watchers.add(onChange);
      signal.addEventListener('abort', () => watchers.delete(onChange), { once: true });
    },
    nextChange: (name, signal) => waitFor(waiting, name, signal),
  };
}

function waitFor(waiting: Map<RunName, Set<() => void>>, name: RunName, signal: AbortSignal): Promise<void> {
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
}

function observe(run: StoredRun, aheadOf: (name: RunName) => number): ObservedRun {
  const { name, annotations, createdAt, status } = run;
  const current = status.phase === 'pending' ? { phase: status.phase, ahead: aheadOf(name) } : status;
  return { name, annotations, createdAt, status: current };
}
