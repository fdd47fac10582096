/** @import { WireGroup } from '../wire.ts' */

/**
 * What stands in a row of a log.
 *
 * @typedef {{ line: number, depth: number, group: WireGroup | null }} Row
 */

/**
 * The lines that are to be seen, when some groups are folded: a folded group is its first line, and no group shows its last one.
 *
 * @typedef {object} Rows
 * @property {number} count
 * @property {(row: number) => Row | null} at
 * @property {(line: number) => number} rowOf the row of a line, or the one that hides it
 * @property {(line: number) => WireGroup[]} around the groups that a line is in, the outermost first
 */

/** @typedef {{ row: number, line: number, count: number, depth: number, group: WireGroup | null }} Segment */

/**
 * @param {number} lines
 * @param {readonly WireGroup[]} groups in the order in which they begin
 * @param {ReadonlySet<number>} folded first lines of groups
 * @returns {Rows}
 */
export function makeRows(lines, groups, folded) {
  const segments = makeSegments(lines, groups, folded);
  const last = segments.at(-1);
  const count = last === undefined ? 0 : last.row + last.count;
  return {
    count,
    at(row) {
      const segment = lastSegment(segments, (each) => each.row <= row);
      if (segment === undefined || row >= segment.row + segment.count) return null;
      return { line: segment.line + row - segment.row, depth: segment.depth, group: segment.group };
    },
    rowOf(line) {
      const segment = lastSegment(segments, (each) => each.line <= line);
      return segment === undefined ? 0 : segment.row + Math.min(segment.count - 1, line - segment.line);
    },
    around: (line) => groups.filter(({ from, to }) => from < line && line <= (to ?? lines)),
  };
}

/**
 * @param {number} lines
 * @param {readonly WireGroup[]} groups
 * @param {ReadonlySet<number>} folded
 */
function makeSegments(lines, groups, folded) {
  /** @type {Segment[]} */
  const segments = [];
  let [row, next, depth, hidden] = [0, 1, 0, 0];
  /** @param {number} end @param {WireGroup | null} group */
  const show = (end, group) => {
    const count = end - next + 1;
    if (hidden === 0 && count > 0) {
      segments.push({ row, line: next, count, depth, group });
      row += count;
    }
    next = Math.max(next, end + 1);
  };
  for (const { line, group, begins } of boundaries(groups)) {
    show(line - 1, null);
    const step = begins ? 1 : -1;
    if (begins) show(line, group);
    depth += step;
    if (folded.has(group.from)) hidden += step;
    next = line + 1;
  }
  show(lines, null);
  return segments;
}

/** @param {readonly WireGroup[]} groups */
function boundaries(groups) {
  const ends = groups.flatMap((group) =>
    group.to === null ? [] : [{ line: group.to, group, begins: false }],
  );
  const begins = groups.map((group) => ({ line: group.from, group, begins: true }));
  return [...begins, ...ends].sort((a, b) => a.line - b.line);
}

/**
 * @param {readonly Segment[]} segments
 * @param {(segment: Segment) => boolean} early true of the first ones
 */
function lastSegment(segments, early) {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment !== undefined && early(segment)) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
}
