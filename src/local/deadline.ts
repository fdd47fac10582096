import type { Clock } from '../app/ports.ts';

export interface Deadline {
  /** Aborts with the parent's reason, or with the deadline's own. */
  readonly signal: AbortSignal;
  /** Forgets the time. */
  release(): void;
}

export interface DeadlineOptions<Reason> {
  readonly parent: AbortSignal;
  /** Null never comes. */
  readonly milliseconds: number | null;
  readonly reason: () => Reason;
  readonly clock: Clock;
}

/** A signal for a part of something that has a signal, with a time limit of its own. */
export function createDeadline<Reason>(options: DeadlineOptions<Reason>): Deadline {
  const { parent, milliseconds, reason, clock } = options;
  const own = new AbortController();
  const released = new AbortController();
  if (milliseconds !== null) {
    clock.sleep(milliseconds, released.signal).then(
      () => own.abort(reason()),
      () => {},
    );
  }
  return { signal: AbortSignal.any([parent, own.signal]), release: () => released.abort() };
}

/** Milliseconds of a limit that are left of it: it may have begun before a restart. */
export function left(limit: number | null, since: Date, now: Date): number | null {
  return limit === null ? null : Math.max(0, limit - (now.getTime() - since.getTime()));
}
