import { type Clock, TryLaterError } from './ports.ts';

/** How long to wait after a failure: doubled each time. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Milliseconds before the next try, after so many failures in a row; not before GitHub wants to be asked again. */
export function retryDelay(error: unknown, failures: number, { firstMs, longestMs }: BackOff): number {
  const own = Math.min(longestMs, firstMs * 2 ** (failures - 1));
  return error instanceof TryLaterError ? Math.max(own, error.retryAfterSeconds * 1000) : own;
}

/** What has failed rests before it is tried again, and keeps nothing else waiting. */
export interface Rests {
  isResting(key: string): boolean;
  failed(key: string, error: unknown): void;
  /** It went well, or is not wanted any more. */
  forget(key: string): void;
  keys(): Iterable<string>;
}

interface RestOptions extends BackOff {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Something may be tried again. */
  readonly onRested: () => void;
}

export function createRests(options: RestOptions): Rests {
  const { clock, signal, onRested } = options;
  const failures = new Map<string, { readonly count: number; resting: boolean }>();

  async function rest(key: string, error: unknown): Promise<void> {
    const failure = { count: (failures.get(key)?.count ?? 0) + 1, resting: true };
    failures.set(key, failure);
    await clock.sleep(retryDelay(error, failure.count, options), signal);
    failure.resting = false;
    onRested();
  }

  return {
    isResting: (key) => failures.get(key)?.resting === true,
    // Only the signal ends a rest early, and then nothing is to be done any more.
    failed: (key, error) => void rest(key, error).catch(() => {}),
    forget: (key) => void failures.delete(key),
    keys: () => failures.keys(),
  };
}
