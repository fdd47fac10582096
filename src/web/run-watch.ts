import type { Clock, Log } from '../app/ports.ts';
import type { LogScans } from './log/log-scans.ts';
import { type ReadableLogs, stepLog } from './log/step-log.ts';
import { wireRun } from './page/describe-wire.ts';
import { isFinished } from './page/run-page.ts';
import { type FindRun, type RunView, type StepView, stepSlug } from './run-view.ts';
import type { WireExtent, WireRun } from './wire.ts';

/** Told the whole state of a run, as JSON, whenever it has changed, and when it will not change any more. */
export interface RunListener {
  changed(state: string): void;
  ended(): void;
}

export interface RunWatchPorts {
  readonly findRun: FindRun;
  readonly logStore: ReadableLogs;
  readonly scans: LogScans;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Looks at runs for those who follow them; one look for all who follow the same run. */
export interface RunWatches {
  /** The listener is told the state of now first; the result ends it. */
  follow(name: string, listener: RunListener): () => void;
}

const LOOK_MS = 500;

/** Looks without anything new, after the verdict: what is left of the logs comes within a moment. */
const QUIET_LOOKS = 6;

interface Watch {
  readonly listeners: Set<RunListener>;
  state: string;
  /** Without its time, which always changes. */
  compared: string;
  quiet: number;
  timer: NodeJS.Timeout | null;
}

export function createRunWatches(ports: RunWatchPorts): RunWatches {
  const watches = new Map<string, Watch>();

  async function look(name: string, watch: Watch): Promise<void> {
    const found = await ports.findRun(name);
    // A run that was removed, or turned into a report, says nothing any more.
    if (found === null || 'report' in found) return end(name, watch);
    tell(watch, wireRun(found, ports.clock.now(), await extents(found)));
    if (isFinished(found) && watch.quiet >= QUIET_LOOKS) end(name, watch);
  }

  /** Steps that have ended are looked at too: the end of a log may come after its step's. */
  async function extents(run: RunView): Promise<Map<string, WireExtent>> {
    const entries: [string, WireExtent][] = [];
    for (const step of run.steps) {
      if (!mayGrow(step, ports.clock.now())) continue;
      const log = stepLog(ports.logStore, run.name, step.ref);
      entries.push([stepSlug(step.ref), await ports.scans.extent(logKey(run, step), log)]);
    }
    return new Map(entries);
  }

  function end(name: string, watch: Watch): void {
    stop(name, watch);
    for (const listener of watch.listeners) listener.ended();
    watch.listeners.clear();
  }

  function stop(name: string, watch: Watch): void {
    if (watch.timer !== null) clearTimeout(watch.timer);
    if (watches.get(name) === watch) watches.delete(name);
  }

  async function keepLooking(name: string, watch: Watch): Promise<void> {
    try {
      await look(name, watch);
    } catch (error) {
      ports.log.error({ err: error, run: name }, 'a run cannot be looked at');
    }
    if (watches.get(name) !== watch) return;
    watch.timer = setTimeout(() => void keepLooking(name, watch), LOOK_MS);
  }

  function begin(name: string): Watch {
    const watch: Watch = { listeners: new Set(), state: '', compared: '', quiet: 0, timer: null };
    watches.set(name, watch);
    void keepLooking(name, watch);
    return watch;
  }

  return {
    follow(name, listener) {
      const watch = watches.get(name) ?? begin(name);
      watch.listeners.add(listener);
      if (watch.state !== '') listener.changed(watch.state);
      return () => {
        watch.listeners.delete(listener);
        if (watch.listeners.size === 0) stop(name, watch);
      };
    },
  };
}

/** Tells all listeners when something but the time is new. */
function tell(watch: Watch, run: WireRun): void {
  const compared = JSON.stringify({ ...run, now: 0 });
  watch.quiet += 1;
  if (compared === watch.compared) return;
  watch.quiet = 0;
  watch.compared = compared;
  watch.state = JSON.stringify(run);
  for (const listener of watch.listeners) listener.changed(watch.state);
}

/** One of a kind for each log. */
export function logKey(run: RunView, step: StepView): string {
  return `${run.name}/${stepSlug(step.ref)}`;
}

/** As long after its end as its log may still come. */
const RECENT_MS = 10_000;

function mayGrow({ state, finishedAt }: StepView, now: Date): boolean {
  if (state === 'waiting' || state === 'skipped') return false;
  return finishedAt === undefined || now.getTime() - finishedAt.getTime() < RECENT_MS;
}
