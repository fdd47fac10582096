/** Where a line of a log begins, and when it was written. */
export interface LogMark {
  /** From 1. */
  readonly line: number;
  /** Bytes before it. */
  readonly offset: number;
  readonly at: Date;
}

/** How much of a log has been told of. */
export interface MarkedLog {
  /** Lines that have an end. */
  readonly lines: number;
  readonly bytes: number;
  /** Whether what comes next begins a line. */
  readonly atLineStart: boolean;
  readonly last: LogMark | null;
}

export const UNMARKED: MarkedLog = { lines: 0, bytes: 0, atLineStart: true, last: null };

/** Close enough to find any line by reading little, far enough to be few: a log of 60 MB has a thousand. */
const BYTES_APART = 64 * 1024;
/** People read times by the second. */
const MS_APART = 1_000;

const NEWLINE = 0x0a;

/** The next bytes of a log, with the marks that they bring: of their first line, and wherever the last mark is far enough behind. */
export function markBytes(
  log: MarkedLog,
  bytes: Uint8Array,
  at: Date,
): { readonly log: MarkedLog; readonly marks: readonly LogMark[] } {
  const marks: LogMark[] = [];
  let { lines, atLineStart, last } = log;
  const consider = (offset: number) => {
    if (last !== null && offset - last.offset < BYTES_APART && at.getTime() - last.at.getTime() < MS_APART)
      return;
    last = { line: lines + 1, offset, at };
    marks.push(last);
  };
  if (atLineStart && bytes.length > 0) consider(log.bytes);
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, end + 1)) {
    lines += 1;
    if (end + 1 < bytes.length) consider(log.bytes + end + 1);
  }
  if (bytes.length > 0) atLineStart = bytes.at(-1) === NEWLINE;
  return { log: { lines, bytes: log.bytes + bytes.length, atLineStart, last }, marks };
}
