/** Of an answer, by lower-case name. */
export type Headers = Readonly<Record<string, unknown>>;

/** Where GitHub names no time: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
const DEFAULT_WAIT = 60;

/** Primary limits are counted by the hour, so nothing that GitHub means is longer. */
const LONGEST_WAIT = 3600;

/** Whether an answer refuses for now: GitHub says 403 for its limits as it does for missing permissions. */
export function isRateLimit(status: number, headers: Headers, words: string): boolean {
  if (status === 429) return true;
  if (status === 503) return headers['retry-after'] !== undefined;
  if (status !== 403) return false;
  return (
    headers['retry-after'] !== undefined ||
    String(headers['x-ratelimit-remaining']) === '0' ||
    /secondary rate limit|abuse detection|rate limit exceeded/i.test(words)
  );
}

/** Whole seconds from 1 to 3600: as `retry-after` says, else until the primary limit is reset, else a minute. */
export function secondsToWait(headers: Headers, now: Date): number {
  return Math.min(Math.max(Math.ceil(secondsNamed(headers, now) ?? DEFAULT_WAIT), 1), LONGEST_WAIT);
}

function secondsNamed(headers: Headers, now: Date): number | null {
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined) {
    const seconds = Number(retryAfter);
    if (Number.isFinite(seconds)) return seconds;
    const until = Date.parse(String(retryAfter));
    return Number.isNaN(until) ? null : (until - now.getTime()) / 1000;
  }
  const reset = Number(headers['x-ratelimit-reset']);
  const exhausted = String(headers['x-ratelimit-remaining']) === '0' && Number.isFinite(reset);
  return exhausted ? reset - now.getTime() / 1000 : null;
}
