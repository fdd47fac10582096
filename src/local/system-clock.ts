import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../app/ports.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(milliseconds, signal) {
    try {
      await delay(Math.min(milliseconds, LONGEST_TIMER), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // The port promises the signal's own reason, not an AbortError around it.
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};

/** Node runs a longer timer at once. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER = 2 ** 31 - 1;
