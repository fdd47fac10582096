import type { RepositoryRef } from '../../core/plan/event.ts';
import type { Check } from '../../core/report/check.ts';
import { checkDigest } from '../../core/report/check-digest.ts';
import { retryDelay } from '../back-off.ts';
import type { Checks } from '../github-ports.ts';
import type { Clock, Log, Metrics } from '../ports.ts';
import type { Reported } from '../runs/run-notes.ts';
import { adoptCheck } from './adopt-check.ts';

/** Least time between two requests that only tell of progress; a queue's position changes less often. */
const PROGRESS_INTERVAL_MS = 5_000;
const QUEUE_INTERVAL_MS = 60_000;
/** Without an end. */
const BACK_OFF = { firstMs: 1_000, longestMs: 300_000 };

export interface ReporterOptions {
  readonly checks: Checks;
  readonly clock: Clock;
  readonly log: Log;
  /** As it is called now. */
  readonly repository: () => RepositoryRef;
  readonly signal: AbortSignal;
  /** The check that is wanted now; null while it cannot be said yet. */
  readonly wanted: () => Promise<Check | null>;
  /** The status of the check that is wanted now, said without any work; null while it cannot be said yet. */
  readonly status: () => Check['status'] | null;
  /** When the event behind the check was received. */
  readonly receivedAt: Date;
  readonly metrics: Pick<Metrics, 'checkMade' | 'reported' | 'reportRetried'>;
  /** What was reported before, by this or an earlier process. */
  readonly reported: Reported;
  /** Makes what was reported durable. */
  readonly remember: (reported: Reported) => Promise<void>;
  /** Called once GitHub has accepted the completed check. */
  readonly onCompleted: () => void;
}

/** Brings one check at GitHub to what is wanted, however long that takes. */
export interface CheckReporter {
  /** Says that what is wanted may have changed. */
  poke(): void;
}

interface State {
  reported: Reported;
  lastRequestAt: number;
  failures: number;
  /** Something may have changed since the last look. */
  dirty: boolean;
  /** When that was first so; null while nothing is. */
  changedAt: number | null;
  working: boolean;
  /** The status that waits for its time to be told, and what ends that wait early. */
  waiting: { readonly status: Check['status']; readonly wake: AbortController } | null;
}

/**
 * A level-triggered reconcile of one check: whatever happened, it compares what is wanted with what GitHub last
 * accepted. A change of status (queued, in progress, completed) is sent at once; mere progress at most every five
 * seconds. Creating a check is not idempotent at GitHub, so the intent is made durable first; a creation whose answer
 * was lost is looked for before another one is made. Of a check that another process has begun its last request may still have been under
 * way then, so its doubles are looked for once more in the end.
 */
export function createCheckReporter(options: ReporterOptions): CheckReporter {
  const state: State = {
    reported: options.reported,
    lastRequestAt: Number.NEGATIVE_INFINITY,
    failures: 0,
    dirty: false,
    changedAt: null,
    working: false,
    waiting: null,
  };
  return {
    poke() {
      state.dirty = true;
      state.changedAt ??= options.clock.now().getTime();
      // Only a change of status cannot wait; a thousand waiting runs are poked whenever one ends.
      if (state.waiting !== null && state.waiting.status !== options.status()) state.waiting.wake.abort();
      if (state.working) return;
      state.working = true;
      void work(options, state);
    },
  };
}

async function work(options: ReporterOptions, state: State): Promise<void> {
  // What else follows from the same news, such as a place in the line, is decided first.
  await Promise.resolve();
  while (!options.signal.aborted) {
    state.dirty = false;
    if ((await attempt(options, state)) === 'settled' && !state.dirty) break;
  }
  state.working = false;
}

async function attempt(options: ReporterOptions, state: State): Promise<'settled' | 'again'> {
  try {
    return await step(options, state);
  } catch (error) {
    if (options.signal.aborted) return 'settled';
    state.failures += 1;
    options.metrics.reportRetried();
    const milliseconds = retryDelay(error, state.failures, BACK_OFF);
    options.log.warn(
      { err: error, failures: state.failures, milliseconds },
      'check not reported, will try again',
    );
    await pause(options.clock, milliseconds, options.signal);
    return 'again';
  }
}

async function step(options: ReporterOptions, state: State): Promise<'settled' | 'again'> {
  const check = await options.wanted();
  if (check === null) return 'settled';
  const digest = checkDigest(check);
  if (digest === state.reported.digest) {
    state.changedAt = null;
    if (check.status === 'completed') options.onCompleted();
    return 'settled';
  }
  const wait = state.lastRequestAt + interval(check, state.reported) - options.clock.now().getTime();
  if (wait > 0) {
    await waitToTell(options, state, { status: check.status, wait });
    return 'again';
  }
  await send(options, state, { check, digest });
  const now = options.clock.now().getTime();
  options.metrics.reported((now - (state.changedAt ?? now)) / 1000);
  state.changedAt = null;
  state.failures = 0;
  return 'again';
}

async function waitToTell(
  options: ReporterOptions,
  state: State,
  { status, wait }: { status: Check['status']; wait: number },
): Promise<void> {
  const { clock, signal } = options;
  // It may have changed while the check was put together.
  if (state.dirty && options.status() !== status) return;
  const wake = new AbortController();
  state.waiting = { status, wake };
  await pause(clock, wait, AbortSignal.any([signal, wake.signal]));
  state.waiting = null;
}

async function send(
  options: ReporterOptions,
  state: State,
  { check, digest }: { check: Check; digest: string },
): Promise<void> {
  const { checks } = options;
  const repository = options.repository();
  state.lastRequestAt = options.clock.now().getTime();
  let id = state.reported.id ?? null;
  const mayBeDouble = options.reported.begun === true && check.status === 'completed';
  if (state.reported.begun && (id === null || mayBeDouble))
    id = (await adoptCheck(checks, repository, check)) ?? id;
  if (id === null) {
    if (!state.reported.begun) await remember(options, state, { begun: true });
    id = await checks.create(repository, check);
    options.metrics.checkMade((options.clock.now().getTime() - options.receivedAt.getTime()) / 1000);
  } else {
    await checks.update(repository, id, check);
  }
  await remember(options, state, { id, status: check.status, digest });
}

async function remember(options: ReporterOptions, state: State, change: Reported): Promise<void> {
  const reported = { ...state.reported, ...change };
  await options.remember(reported);
  state.reported = reported;
}

/** How long to wait since the last request before this check may be sent. */
function interval(check: Check, reported: Reported): number {
  if (check.status !== reported.status) return Number.NEGATIVE_INFINITY;
  return check.status === 'queued' ? QUEUE_INTERVAL_MS : PROGRESS_INTERVAL_MS;
}

/** Waits until the time is over or the signal says otherwise. */
async function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(milliseconds, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
