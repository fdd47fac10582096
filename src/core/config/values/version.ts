import { validRange } from 'semver';
import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { semverRanges } from './python-range.ts';

export const VERSION = 'a version such as `1.26`, `24` or `3.14`';

/** A version as images are tagged: `1.20`, `21.0.5`, `1.27rc1`, `24-bookworm`. */
const EXACT = /^\d+(?:\.\d+){0,3}(?:(?:rc|beta|alpha|[abt])\d*)?(?:-[a-z0-9_.]+)*$/;

/** Names of release lines and ranges, decided by the table of releases. */
const CHANNEL = /^(?:stable|latest|current|lts|lts\/(?:\*|-\d+|[a-z]+)|node)$/;
/** A toolchain's version as people write it; `v24` and `go1.26` lose their letters. Which line a range means is decided later. */
export function readVersion(text: string): Reading<string> {
  const version = text
    .trim()
    .toLowerCase()
    .replace(/^(?:v|go)(?=\d)/, '');
  const isShort = version.length > 0 && version.length <= 64;
  if (isShort && (EXACT.test(version) || CHANNEL.test(version) || isRange(version))) return accept(version);
  return refuse('bad-version', `${quoted(text)} is not a version`, { expected: VERSION });
}

/** Semver's ranges, and Python's. */
function isRange(text: string): boolean {
  return (
    /[\d*x]/.test(text) &&
    !/\p{Cc}/u.test(text) &&
    [[text], semverRanges(text)].some((ranges) => ranges.every((range) => validRange(range) !== null))
  );
}

/** True for a version that names an image's tag by itself, false for ranges and channels. */
export function isExactVersion(version: string): boolean {
  return EXACT.test(version);
}

/** Orders exact versions by their numbers; what is not a number is older than what is. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').filter(Boolean).map(Number);
}
