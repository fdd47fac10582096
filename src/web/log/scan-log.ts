import { visibleText } from '../html.ts';
import type { WireExtent } from '../wire.ts';
import { plainText } from './plain-text.ts';

export interface Group {
  /** The line of `::group::`. */
  readonly from: number;
  /** The line of `::endgroup::`; null while there is none. */
  to: number | null;
  readonly title: string;
}

/** A log's extent and groups, found while it is read from its beginning. */
export interface LogScan {
  push(bytes: Uint8Array): void;
  /** In the order in which they begin. */
  readonly groups: readonly Group[];
  extent(): WireExtent;
}

/** More groups, or groups that are deeper in others, are lines like any other: nobody could find their way in them. */
export const MOST_GROUPS = 2_000;
export const MOST_DEPTH = 4;

const NEWLINE = 0x0a;
const COLON = 0x3a;
/** Enough for a title that fits on a screen. */
const MARKER_BYTES = 400;

const GROUP = '::group::';
const END_GROUP = '::endgroup::';

/** Whether a line begins a group, and by which title, or ends one. */
export function readMarker(line: string): { readonly title: string } | 'end' | null {
  if (!line.startsWith('::')) return null;
  if (line.startsWith(GROUP)) return { title: visibleText(plainText(line.slice(GROUP.length))) || 'group' };
  return plainText(line).trimEnd() === END_GROUP ? 'end' : null;
}

export function createLogScan(): LogScan {
  const groups: Group[] = [];
  const open: Group[] = [];
  /** Groups that are open, and are not told of as such. */
  let ignored = 0;
  let markers = 0;
  let lines = 0;
  let bytes = 0;
  /** How a line that has no end yet begins; null at the beginning of a line. */
  let begun: Uint8Array | null = null;

  function begin(title: string): void {
    if (ignored > 0 || open.length === MOST_DEPTH || groups.length === MOST_GROUPS) {
      ignored += 1;
      return;
    }
    const group = { from: lines, to: null, title };
    groups.push(group);
    open.push(group);
    markers += 1;
  }

  function end(): void {
    if (ignored > 0) {
      ignored -= 1;
      return;
    }
    const group = open.pop();
    if (group === undefined) return;
    group.to = lines;
    markers += 1;
  }

  function endLine(line: Uint8Array): void {
    lines += 1;
    if (line[0] !== COLON) return;
    const marker = readMarker(new TextDecoder().decode(line.subarray(0, MARKER_BYTES)));
    if (marker === 'end') end();
    else if (marker !== null) begin(marker.title);
  }

  return {
    groups,
    extent: () => ({ lines: lines + (begun === null ? 0 : 1), bytes, markers }),
    push(chunk) {
      bytes += chunk.length;
      let from = 0;
      for (let newline = chunk.indexOf(NEWLINE); newline !== -1; newline = chunk.indexOf(NEWLINE, from)) {
        const line = chunk.subarray(from, newline);
        endLine(begun === null ? line : joined(begun, line));
        begun = null;
        from = newline + 1;
      }
      if (from < chunk.length) begun = joined(begun ?? new Uint8Array(), chunk.subarray(from));
    },
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Buffer.concat([first, second.subarray(0, Math.max(0, MARKER_BYTES - first.length))]);
}
