import type { Place } from '../finding.ts';

/** A line of a JavaScript stack. */
export interface JsFrame {
  /** `total (src/order.js:3:11)` */
  readonly text: string;
  /** Null for what has no file, and for what is not one's own: node's, and what is installed. */
  readonly place: Place | null;
  /** The error's properties follow it. */
  readonly isBeforeProperties: boolean;
}

const POSITION = /:(?<line>\d{1,7}):(?<column>\d{1,6})$/;

/**
 * Reads `at total (src/order.js:3:11)` as V8 writes it, and `❯ total src/order.js:3:11` as vitest does, whatever their indentation.
 *
 * @see https://v8.dev/docs/stack-trace-api#appendix%3A-stack-trace-format
 */
export function readJsFrame(line: string): JsFrame | null {
  const start = indentOf(line);
  const isVitest = line.startsWith('❯ ', start);
  if (!isVitest && !line.startsWith('at ', start)) return null;
  const isBeforeProperties = line.endsWith(' {');
  const text = line.slice(start + (isVitest ? 2 : 3), isBeforeProperties ? -2 : undefined);
  const place = placeOf(text, isVitest);
  // `at` may be a word of a message.
  if (place === null && !text.endsWith('(<anonymous>)') && !text.startsWith('async ')) return null;
  return {
    text: text.replace('file://', ''),
    place: place !== null && isOwn(place.path) ? place : null,
    isBeforeProperties,
  };
}

/** Blanks that a line begins with. */
export function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 32) at += 1;
  return at;
}

/** Of `src/order.js:3:11`, of a path, and of a `file:` address. */
export function readJsPlace(text: string): Place | null {
  const found = POSITION.exec(text);
  if (found?.groups === undefined) return null;
  const path = text.slice(0, found.index).replace(/^file:\/\//, '');
  return { path, line: Number(found.groups.line), column: Number(found.groups.column) };
}

function placeOf(text: string, isVitest: boolean): Place | null {
  if (isVitest) return readJsPlace(text.slice(text.lastIndexOf(' ') + 1));
  const from = text.endsWith(')') ? text.lastIndexOf(' (') : -1;
  return readJsPlace(from === -1 ? text.replace(/^async /, '') : text.slice(from + 2, -1));
}

function isOwn(path: string): boolean {
  return !/^(?:node:|internal\/|<)|node_modules[\\/]/.test(path);
}
