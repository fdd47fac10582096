import { Refusal } from './answer.ts';
import { secondaryRateLimit } from './faults.ts';
import type { RequestRecord } from './requests.ts';
import type { World } from './world.ts';

/** Secondary rate limits, none unless it is named. */
export interface LimitOptions {
  readonly writesPerMinute?: number;
  readonly creationsPerMinute?: number;
  readonly concurrent?: number;
}

export interface Limits {
  /**
   * Lets a request in, until what it gives back is called.
   * @throws Refusal when it is one too many
   */
  enter(record: RequestRecord): () => void;
  /** The primary limit's headers: 5,000 an hour. */
  headers(record: RequestRecord): Record<string, string>;
  set(options: LimitOptions): void;
}

const HOURLY = 5000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

export function createLimits(
  world: World,
  requests: readonly RequestRecord[],
  initial: LimitOptions,
): Limits {
  let options = initial;
  let atOnce = 0;

  function isTooMuch(record: RequestRecord): boolean {
    const { writesPerMinute = Infinity, creationsPerMinute = Infinity, concurrent = Infinity } = options;
    if (atOnce >= concurrent) return true;
    if (!isWrite(record)) return false;
    const since = world.now().getTime() - MINUTE;
    const recent = requests.filter((one) => isWrite(one) && one.at.getTime() > since);
    const creations = recent.filter(({ method }) => method === 'POST');
    return (
      recent.length > writesPerMinute || (record.method === 'POST' && creations.length > creationsPerMinute)
    );
  }

  return {
    enter(record) {
      if (isTooMuch(record)) {
        const { body, headers } = secondaryRateLimit(60);
        throw new Refusal(403, body.message, { body, headers });
      }
      atOnce += 1;
      return () => {
        atOnce -= 1;
      };
    },
    headers({ kind, at }) {
      const hour = at.getTime() - (at.getTime() % HOUR);
      const used = requests.filter((one) => one.kind === kind && one.at.getTime() >= hour).length;
      return {
        'x-ratelimit-limit': String(HOURLY),
        'x-ratelimit-remaining': String(Math.max(HOURLY - used, 0)),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String((hour + HOUR) / 1000),
        'x-ratelimit-resource': kind === 'graphql' ? 'graphql' : 'core',
      };
    },
    set(changed) {
      options = changed;
    },
  };
}

/** What an app does as itself (tokens, redeliveries) is not content. */
function isWrite({ kind, method, route }: RequestRecord): boolean {
  return kind === 'rest' && method !== 'GET' && route?.startsWith('/repos/') === true;
}
