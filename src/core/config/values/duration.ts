import { accept, quoted, type Reading, refuse } from '../finding.ts';

export const DURATION = 'a duration such as `90s`, `10m` or `1h30m`';

/** The JSON schema's pattern for what `readDuration` takes. */
export const DURATION_PATTERN = '^(?:\\d+h)?(?:\\d+m)?(?:\\d+s)?$';

/** A longer run is a mistake; it also keeps Tekton's nanoseconds far inside 64 bits. */
const LONGEST = 7 * 24 * 3600;

/** Seconds of a duration as Go writes it: hours, minutes and seconds, in this order, more than nothing in all. */
export function readDuration(text: string): Reading<number> {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (match === null || text === '') return refuseDuration(text);
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const total = hours * 3600 + minutes * 60 + seconds;
  if (total === 0)
    return refuse('bad-duration', 'A duration of nothing leaves no time', { expected: DURATION });
  if (total > LONGEST) return refuse('bad-duration', `${quoted(text)} is longer than seven days`);
  return accept(total);
}

/** The shortest text that `readDuration` reads as so many seconds. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
}

function refuseDuration(text: string): Reading<never> {
  const message = `${quoted(text)} is not a duration`;
  if (/^\d+$/.test(text))
    return refuse('bad-duration', message, { instead: `write \`${text}s\` or \`${text}m\`` });
  return refuse('bad-duration', message, { expected: DURATION });
}
