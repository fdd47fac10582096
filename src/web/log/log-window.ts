import type { LogMark } from '../../core/log-marks.ts';

/** The end of a log that is worth showing. */
export interface LogWindow {
  /** Where it begins, in bytes: always at the beginning of a line. */
  readonly offset: number;
  /** Number of its first line, counted from 1 at the log's beginning. */
  readonly firstLine: number;
  /** Of the whole log. */
  readonly lines: number;
  readonly bytes: number;
}

export interface LogWindowLimits {
  readonly maxLines: number;
  /** A line that is longer by itself is still shown. */
  readonly maxBytes: number;
  /** Where `bytes` begin; at the log's beginning when absent. */
  readonly begin?: Pick<LogMark, 'line' | 'offset'>;
}

const NEWLINE = 0x0a;

/** Reads a log once, keeping nothing of it but where its last lines begin. */
export async function findLogWindow(
  bytes: AsyncIterable<Uint8Array>,
  { maxLines, maxBytes, begin = { line: 1, offset: 0 } }: LogWindowLimits,
): Promise<LogWindow> {
  // A ring: line n begins at starts[(n - 1) % maxLines].
  const starts = new Float64Array(maxLines);
  let lines = begin.line - 1;
  let size = begin.offset;
  let atLineStart = true;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      if (atLineStart) starts[lines++ % maxLines] = size + at;
      const newline = chunk.indexOf(NEWLINE, at);
      atLineStart = newline !== -1;
      at = atLineStart ? newline + 1 : chunk.length;
    }
    size += chunk.length;
  }

  if (lines < begin.line) return { offset: size, firstLine: begin.line, lines, bytes: size };
  let firstLine = Math.max(begin.line, lines - maxLines + 1);
  const startOf = (line: number) => starts[(line - 1) % maxLines] ?? 0;
  while (firstLine < lines && size - startOf(firstLine) > maxBytes) firstLine += 1;
  return { offset: startOf(firstLine), firstLine, lines, bytes: size };
}
