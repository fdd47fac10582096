import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';
import { readDuration } from '../../config/values/duration.ts';

export const AGE = 'a time such as `30d` or `7d12h`';
export const AGE_PATTERN = '^\\d{1,5}d(?:\\d+h)?(?:\\d+m)?(?:\\d+s)?$';

const DAY = 24 * 3600;

/** The names of finished runs are what refuses events that are delivered again, for as long as GitHub delivers them. */
const LEAST_DAYS = 7;

/** Seconds of a time in days, with or without hours, minutes and seconds. */
export function readAge(text: string): Reading<number> {
  const [, days, rest = ''] = /^(\d{1,5})d(.*)$/.exec(text) ?? [];
  const more = rest === '' ? accept(0) : readDuration(rest);
  if (days === undefined || !more.ok) return refuseAge(text);
  const seconds = Number(days) * DAY + more.value;
  if (seconds >= LEAST_DAYS * DAY) return accept(seconds);
  const message = `${quoted(text)} is shorter than seven days, which every finished run is kept`;
  return refuse('bad-duration', message, { instead: `write \`${LEAST_DAYS}d\` or more` });
}

function refuseAge(text: string): Reading<never> {
  const message = `${quoted(text)} is not a number of days`;
  return /^\d{1,5}$/.test(text)
    ? refuse('bad-duration', message, { instead: `write \`${text}d\`` })
    : refuse('bad-duration', message, { expected: AGE });
}
