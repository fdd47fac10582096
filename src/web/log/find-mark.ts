import type { LogMark } from '../../core/log-marks.ts';

/** Where any log begins, whether or not it is marked. */
const BEGINNING: Pick<LogMark, 'line' | 'offset'> = { line: 1, offset: 0 };

/** The last mark at or before a line: where to begin reading for it. */
export function markBefore(marks: readonly LogMark[], line: number): Pick<LogMark, 'line' | 'offset'> {
  return lastMark(marks, (mark) => mark.line <= line) ?? BEGINNING;
}

/** When a line was written, to the second; null for a log without marks, and where nobody knew. */
export function timeOfLine(marks: readonly LogMark[], line: number): number | null {
  return lastMark(marks, (mark) => mark.line <= line)?.at.getTime() || null;
}

/** The last mark that lies so many bytes before the log's last mark, or more. */
export function markBytesBefore(marks: readonly LogMark[], bytes: number): Pick<LogMark, 'line' | 'offset'> {
  const end = marks.at(-1)?.offset ?? 0;
  return lastMark(marks, (mark) => mark.offset <= end - bytes) ?? BEGINNING;
}

/** The last mark that is `early`, as all before it are. */
function lastMark(marks: readonly LogMark[], early: (mark: LogMark) => boolean): LogMark | undefined {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const mark = marks[middle];
    if (mark !== undefined && early(mark)) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}
