import type { Place } from './finding.ts';

/** `src/a.c:12:5: what` is how compilers and linters of many languages tell where. */
export interface PlacedLine {
  readonly place: Place;
  readonly text: string;
}

/** The path's last character before `:line` is no blank; a Windows drive is part of it. */
const PLACED =
  /^(?<path>(?:[A-Za-z]:[\\/])?[^\s:<>"'()][^:<>"]{0,400}):(?<line>\d{1,7})(?::(?<column>\d{1,6}))?: (?<text>.*)$/;

/** Null when the line does not begin with a place. */
export function readPlacedLine(line: string): PlacedLine | null {
  const found = PLACED.exec(line)?.groups;
  if (found?.path === undefined) return null;
  const column = Number(found.column ?? 0);
  const place = { path: found.path, line: Number(found.line), ...(column > 0 ? { column } : {}) };
  return { place, text: found.text ?? '' };
}
