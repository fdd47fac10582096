import type { Answer } from './answer.ts';
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
  /** Does the work, unless it would be too much. */
  pass(record: RequestRecord, work: () => Promise<Answer>): Promise<Answer>;
  /** The primary limit's headers. */
  headers(record: RequestRecord): Record<string, string>;
  set(options: LimitOptions): void;
}

const HOURLY = 5000;
const MINUTE = 60_000;

export function createLimits(
  world: World,
  requests: readonly RequestRecord[],
  initial: LimitOptions,
): Limits {
  let options = initial;
  let atOnce = 0;

  function refuseExcess(record: RequestRecord): void {
    const since = world.now().getTime() - MINUTE;
    const recent = requests.filter(({ at, kind }) => kind === 'rest' && at.getTime() > since);
    const writes = recent.filter(({ method }) => method !== 'GET').length;
    const creations = recent.filter(({ method }) => method === 'POST').length;
    const { writesPerMinute = Infinity, creationsPerMinute = Infinity, concurrent = Infinity } = options;
    const writing = record.kind === 'rest' && record.method !== 'GET';
    const creating = writing && record.method === 'POST';
    const tooMuch =
      atOnce > concurrent ||
      (writing && writes > writesPerMinute) ||
      (creating && creations > creationsPerMinute);
    if (!tooMuch) return;
    const { headers = {} } = secondaryRateLimit(60);
    throw new Refusal(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      {
        headers: { ...headers },
      },
    );
  }

  return {
    async pass(record, work) {
      atOnce += 1;
      try {
        refuseExcess(record);
        return await work();
      } finally {
        atOnce -= 1;
      }
    },
    headers({ kind, at }) {
      const hour = at.getTime() - (at.getTime() % 3_600_000);
      const used = requests.filter((one) => one.kind === kind && one.at.getTime() >= hour).length;
      return {
        'x-ratelimit-limit': String(HOURLY),
        'x-ratelimit-remaining': String(Math.max(HOURLY - used, 0)),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String((hour + 3_600_000) / 1000),
        'x-ratelimit-resource': kind === 'graphql' ? 'graphql' : 'core',
      };
    },
    set(changed) {
      options = changed;
    },
  };
}
