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
}

const NEWLINE = 0x0a;

/** Reads a log once, keeping nothing of it but where its last lines begin. */
export async function findLogWindow(
  bytes: AsyncIterable<Uint8Array>,
  { maxLines, maxBytes }: LogWindowLimits,
): Promise<LogWindow> {
  // A ring: line n begins at starts[(n - 1) % maxLines].
  const starts = new Float64Array(maxLines);
  let lines = 0;
  let size = 0;
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

  let firstLine = Math.max(1, lines - maxLines + 1);
  const startOf = (line: number) => starts[(line - 1) % maxLines] ?? 0;
  while (firstLine < lines && size - startOf(firstLine) > maxBytes) firstLine += 1;
  return { offset: startOf(firstLine), firstLine, lines, bytes: size };
}
