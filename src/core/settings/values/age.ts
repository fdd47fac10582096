import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';
import { readDuration } from '../../config/values/duration.ts';

export const AGE = 'a time such as `30d` or `7d12h`';
export const AGE_PATTERN = '^\\d{1,5}d(?:\\d+h)?(?:\\d+m)?(?:\\d+s)?$';

const DAY = 24 * 3600;

/** The names of finished runs are what refuses events that are delivered again, for as long as GitHub delivers them. */
const LEAST_DAYS = 7;

/** Seconds of a time in days, with or without hours, minutes and seconds; more than nothing in all. */
export function readDays(text: string): Reading<number> {
  const [, days, rest = ''] = /^(\d{1,5})d(.*)$/.exec(text) ?? [];
  const more = rest === '' ? accept(0) : readDuration(rest);
  const seconds = Number(days) * DAY + (more.ok ? more.value : 0);
  return days === undefined || !more.ok || seconds === 0 ? refuseDays(text) : accept(seconds);
}

/** The same, for how long finished runs are kept. */
export function readAge(text: string): Reading<number> {
  const days = readDays(text);
  if (!days.ok || days.value >= LEAST_DAYS * DAY) return days;
  const message = `${quoted(text)} is shorter than seven days, which every finished run is kept`;
  return refuse('bad-duration', message, { instead: `write \`${LEAST_DAYS}d\` or more` });
}

function refuseDays(text: string): Reading<never> {
  const message = `${quoted(text)} is not a number of days`;
  return /^\d{1,5}$/.test(text)
    ? refuse('bad-duration', message, { instead: `write \`${text}d\`` })
    : refuse('bad-duration', message, { expected: AGE });
}
