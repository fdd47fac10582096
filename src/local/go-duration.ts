/**
 * Milliseconds of a Go duration (`1h0m0s`, `90s`, `1.5h`, `300ms`), null when the text is none.
 * `0` without a unit is allowed, as in https://pkg.go.dev/time#ParseDuration.
 */
export function parseGoDuration(text: string): number | null {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(h|m|s|ms|us|ns))+$/.test(text)) return null;
  let milliseconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)/g)) {
    milliseconds += Number(amount) * (MILLISECONDS.get(unit ?? '') ?? 0);
  }
  return milliseconds;
}

/** Milliseconds of a limit; null when there is none, which `0` also means. */
export function timeoutOf(duration: string | undefined): number | null {
  return (duration === undefined ? 0 : parseGoDuration(duration)) || null;
}

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
  ['us', 0.001],
  ['ns', 0.000_001],
]);
