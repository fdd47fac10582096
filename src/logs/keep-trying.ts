import { retryDelay } from '../app/back-off.ts';
import type { Clock, Log } from '../app/ports.ts';

export interface KeepTryingOptions {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Pick<Log, 'warn' | 'info'>;
}

/** Repeats what fails, with longer and longer pauses, until it succeeds; rejects by the signal alone. */
export type KeepTrying = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

const BACK_OFF = { firstMs: 500, longestMs: 15_000 };

/** An outage is told once, whatever it concerns, and so is its end. */
export function createKeepTrying({ clock, log }: KeepTryingOptions): KeepTrying {
  let isOut = false;

  function failed(err: unknown): void {
    if (!isOut) log.warn({ err }, 'logs cannot be stored for now');
    isOut = true;
  }

  function succeeded(): void {
    if (isOut) log.info({}, 'logs are stored again');
    isOut = false;
  }

  return async (work, signal) => {
    for (let failures = 1; ; failures += 1) {
      signal.throwIfAborted();
      try {
        const result = await work();
        succeeded();
        return result;
      } catch (error) {
        failed(error);
        await clock.sleep(retryDelay(error, failures, BACK_OFF), signal);
      }
    }
  };
}
