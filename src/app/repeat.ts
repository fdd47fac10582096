import { type Clock, type Log, TryLaterError } from './ports.ts';

export interface RepeatPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface Repetition {
  /** For the log: "sweep of deliveries". */
  readonly what: string;
  readonly intervalMs: number;
  readonly work: () => Promise<void>;
}

/** Work that fails is tried again at the interval, doubled each time up to so many of it. */
const MOST_INTERVALS = 16;

/**
 * Does the work at once and then again and again, until the signal. Intervals differ by a quarter, so that several
 * servers, or several works of one, do not keep step. A failure is logged and slows down; `TryLaterError` is obeyed.
 */
export async function repeat(
  { clock, log, random }: RepeatPorts,
  { what, intervalMs, work }: Repetition,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let least = 0;
    try {
      await work();
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (error instanceof TryLaterError) least = error.retryAfterSeconds * 1000;
      log.warn({ err: error, failures, what }, 'failed, will be tried again');
    }
    const wait =
      intervalMs * (0.75 + random() / 2) * Math.min(2 ** Math.max(failures - 1, 0), MOST_INTERVALS);
    await clock.sleep(Math.max(wait, least), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
