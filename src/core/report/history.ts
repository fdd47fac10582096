import { elapsedSeconds } from './elapsed.ts';
import { plain } from './markdown.ts';

/** A run as the next one of its branch is held against it. */
export interface PastRun {
  readonly sha: string;
  readonly isGreen: boolean;
  /** From its first step's start to its end; null when nothing was started. */
  readonly seconds: number | null;
  /** Names of what failed, as tools call it. */
  readonly failed: readonly string[];
}

/** Names that are told of each kind. */
const MOST_NAMES = 5;
/** The time of fewer runs is no habit. */
const FEWEST_TIMES = 3;
const MOST_TIMES = 10;
/** Times differ by themselves: nothing is said of less than a fifth, or of a few seconds. */
const LEAST_SHARE = 0.2;
const LEAST_SECONDS = 5;

/** What changed since the runs before it of the same branch and project, newest first: Markdown, or '' when nothing is to be told. */
export function historyText(now: PastRun, before: readonly PastRun[]): string {
  return [testsText(now, before), greenText(now, before), timeText(now, before)]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Told of the run before, which shows what this commit did. */
function testsText(now: PastRun, before: readonly PastRun[]): string {
  const [last] = before;
  if (last === undefined || (now.failed.length === 0 && !now.isGreen)) return '';
  const since = last.sha === now.sha ? 'the attempt before' : last.sha.slice(0, 7);
  const broken = brokenNames(now, last);
  const fixed = fixedNames(now, before);
  return [
    ...(broken.length > 0 ? [`Newly failing since ${since}: ${names(broken)}`] : []),
    ...(fixed.length > 0 ? [`Fixed since ${since}: ${names(fixed)}`] : []),
  ].join('\n\n');
}

/** None when the run before was red without a name: whether they had failed in it too, nobody knows. */
function brokenNames(now: PastRun, last: PastRun): readonly string[] {
  if (!last.isGreen && last.failed.length === 0) return [];
  return now.failed.filter((name) => !last.failed.includes(name));
}

/** A green run mends all that failed since the last green one; a red one may not have come to what failed longer ago. */
function fixedNames(now: PastRun, before: readonly PastRun[]): readonly string[] {
  const red = now.isGreen ? before.slice(0, lastGreen(before)) : before.slice(0, 1);
  const failed = new Set(red.flatMap((run) => run.failed));
  return [...failed].filter((name) => !now.failed.includes(name));
}

/** Of a red run, unless `testsText` says of it already that the run before was green. */
function greenText(now: PastRun, before: readonly PastRun[]): string {
  const runs = lastGreen(before);
  const green = before[runs];
  if (now.isGreen || green === undefined) return '';
  const firstRed = before[runs - 1];
  const sha = green.sha.slice(0, 7);
  if (firstRed === undefined) return now.failed.length > 0 ? '' : `Last green: ${sha}, the run before`;
  return `Last green: ${sha}, ${runs + 1} runs ago; red since ${firstRed.sha.slice(0, 7)}`;
}

/** The place of the newest green run; that behind all of them when there is none. */
function lastGreen(before: readonly PastRun[]): number {
  const place = before.findIndex(({ isGreen }) => isGreen);
  return place === -1 ? before.length : place;
}

function names(all: readonly string[]): string {
  const rest = all.length - MOST_NAMES;
  return [...all.slice(0, MOST_NAMES).map(plain), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

/** Only green runs are alike: a red one ends early. */
function timeText(now: PastRun, before: readonly PastRun[]): string {
  const times = before.flatMap(({ isGreen, seconds }) => (isGreen && seconds !== null ? [seconds] : []));
  const last = times.slice(0, MOST_TIMES);
  if (!now.isGreen || now.seconds === null || last.length < FEWEST_TIMES) return '';
  const usual = median(last);
  const more = now.seconds - usual;
  if (Math.abs(more) < Math.max(LEAST_SECONDS, usual * LEAST_SHARE)) return '';
  const change = `${Math.round((Math.abs(more) / usual) * 100)} % ${more > 0 ? 'longer' : 'shorter'} than usual`;
  return `Took ${elapsedSeconds(now.seconds)}, ${change} (${elapsedSeconds(usual)}, the median of the last ${last.length})`;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
