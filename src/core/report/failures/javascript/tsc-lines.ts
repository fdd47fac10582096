import type { Place } from '../finding.ts';

/** An error as tsc writes it. */
export interface TscLine {
  readonly level: 'failure' | 'warning';
  /** `TS2304` */
  readonly code: string;
  readonly text: string;
  readonly place: Place | null;
}

/** `src/a.ts(1,2): error TS2304: …`, `src/a.ts:1:2 - error TS2304: …`, `error TS18003: …` */
const ERROR =
  /^(?:(?<path>[^\s():][^():]{0,500}|[A-Za-z]:[^():]{1,500})(?:\((?<line>\d{1,7}),(?<column>\d{1,6})\): |:(?<line2>\d{1,7}):(?<column2>\d{1,6}) - ))?(?<level>error|warning) (?<code>TS\d{1,6}): (?<text>.{0,4000})$/;

/** Null for other lines. */
export function readTscLine(line: string): TscLine | null {
  if (!line.includes('error TS') && !line.includes('warning TS')) return null;
  const found = ERROR.exec(line)?.groups;
  if (found?.code === undefined) return null;
  return {
    level: found.level === 'warning' ? 'warning' : 'failure',
    code: found.code,
    text: found.text ?? '',
    place: found.path === undefined ? null : placeOf(found.path, found),
  };
}

function placeOf(path: string, found: Readonly<Record<string, string | undefined>>): Place {
  return { path, line: Number(found.line ?? found.line2), column: Number(found.column ?? found.column2) };
}
