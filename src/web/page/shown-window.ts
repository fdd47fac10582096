import type { LogMark } from '../../core/log-marks.ts';
import { markBefore, markBytesBefore } from '../log/find-mark.ts';
import { findLogWindow, type LogWindow, type LogWindowLimits } from '../log/log-window.ts';
import type { StepLog } from '../log/step-log.ts';

export interface ShownWindow extends Omit<LogWindow, 'offset'> {
  readonly lastLine: number;
  /** Where to begin reading: at the first line, or before it. */
  readonly begin: Pick<LogMark, 'line' | 'offset'>;
}

/** Lines that a page without scripts goes on by. */
export const PAGE_LINES = 1_000;

/** The log's end, or the lines from `from`. Begins to read at a mark, so that little of a long log is read. */
export async function findShownWindow(
  log: StepLog,
  marks: readonly LogMark[],
  { maxLines, maxBytes, from }: Omit<LogWindowLimits, 'begin'> & { readonly from: number | null },
): Promise<ShownWindow> {
  const lastMark = marks.at(-1)?.line ?? 1;
  const [byLines, byBytes] = [markBefore(marks, lastMark - maxLines), markBytesBefore(marks, maxBytes)];
  const begin = byLines.offset > byBytes.offset ? byLines : byBytes;
  const end = await findLogWindow(log.read(begin.offset), { maxLines, maxBytes, begin });
  if (from === null || from > end.lines) {
    return { ...end, begin: { line: end.firstLine, offset: end.offset }, lastLine: end.lines };
  }
  const lastLine = Math.min(end.lines, from + PAGE_LINES - 1);
  return { ...end, begin: markBefore(marks, from), firstLine: from, lastLine };
}
