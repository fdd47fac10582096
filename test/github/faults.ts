import type { Answer } from './answer.ts';
import { matches, type RequestMatch, type RequestRecord } from './requests.ts';

export interface Fault {
  readonly match: RequestMatch;
  /** How many requests it befalls; one when not said. */
  readonly times?: number;
  /** What is answered; without it (nor `hang`, nor `dropConnection`) the true answer, late. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly delayMs?: number;
  /** Never answers. */
  readonly hang?: boolean;
  /** Cuts the connection in the middle of the answer. */
  readonly dropConnection?: boolean;
  /** The work is done and its answer lost, instead of nothing done. */
  readonly afterEffect?: boolean;
}

export interface Hold {
  /** The first request that is held. */
  readonly arrived: Promise<RequestRecord>;
  /** Lets what is held go on, and holds nothing more. */
  release(): void;
}

export interface HoldOptions {
  /** Holds the answer, not the work. */
  readonly afterEffect?: boolean;
}

export interface Faults {
  fail(fault: Fault): { remaining(): number; stop(): void };
  hold(match: RequestMatch, options?: HoldOptions): Hold;
  /** Does the work under the faults that befall the request. Resolves to null when it must never be answered. */
  apply(
    request: RequestRecord,
    work: () => Promise<Answer>,
  ): Promise<{ answer: Answer; drop: boolean } | null>;
  /** Ends every hold and every hang. */
  close(): void;
}

interface Standing {
  readonly match: RequestMatch;
  readonly afterEffect: boolean;
  readonly arrived: (request: RequestRecord) => void;
  readonly released: Promise<void>;
}

export function createFaults(): Faults {
  const faults: { fault: Fault; left: number }[] = [];
  const holds = new Set<Standing>();
  const closed = Promise.withResolvers<void>();

  function take(request: RequestRecord): Fault | undefined {
    const found = faults.find(({ fault, left }) => left > 0 && matches(fault.match, request));
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  }

  async function pass(request: RequestRecord, afterEffect: boolean): Promise<void> {
    for (const hold of [...holds]) {
      if (hold.afterEffect !== afterEffect || !matches(hold.match, request)) continue;
      hold.arrived(request);
      await Promise.race([hold.released, closed.promise]);
    }
  }

  return {
    fail(fault) {
      const entry = { fault, left: fault.times ?? 1 };
      faults.push(entry);
      return {
        remaining: () => entry.left,
        stop: () => {
          entry.left = 0;
        },
      };
    },
    hold(match, { afterEffect = false } = {}) {
      const arrived = Promise.withResolvers<RequestRecord>();
      const released = Promise.withResolvers<void>();
      const standing = { match, afterEffect, arrived: arrived.resolve, released: released.promise };
      holds.add(standing);
      return {
        arrived: arrived.promise,
        release() {
          holds.delete(standing);
          released.resolve();
        },
      };
    },
    async apply(request, work) {
      const fault = take(request);
      await pass(request, false);
      if (fault?.delayMs !== undefined) await delay(fault.delayMs, closed.promise);
      const replaced =
        fault !== undefined && (fault.status !== undefined || fault.hang || fault.dropConnection);
      const answer = replaced && !fault.afterEffect ? undefined : await work();
      await pass(request, true);
      if (fault?.hang) {
        await closed.promise;
        return null;
      }
      return { answer: answerOf(fault, answer), drop: fault?.dropConnection === true };
    },
    close: () => closed.resolve(),
  };
}

function answerOf(fault: Fault | undefined, answer: Answer | undefined): Answer {
  if (answer !== undefined && fault?.status === undefined) return answer;
  const { status = 200, headers = {}, body = { message: 'Server Error' } } = fault ?? {};
  return { status, headers, body };
}

function delay(milliseconds: number, closed: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  void closed.then(() => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}

/** The part of a fault that says what is answered. */
export interface RateLimitAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: { readonly message: string; readonly documentation_url: string };
}

/** GitHub's answer when an installation has used up its hour. */
export function primaryRateLimit(resetAt: Date, status: 403 | 429 = 403): RateLimitAnswer {
  return {
    status,
    headers: {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-used': '5000',
      'x-ratelimit-reset': String(Math.ceil(resetAt.getTime() / 1000)),
      'x-ratelimit-resource': 'core',
    },
    body: {
      message: 'API rate limit exceeded for installation ID 1.',
      documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
    },
  };
}

/** GitHub's answer to too much at once; it does not always say how long to wait. */
export function secondaryRateLimit(retryAfterSeconds?: number, status: 403 | 429 = 403): RateLimitAnswer {
  return {
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    body: {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      documentation_url:
        'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    },
  };
}
