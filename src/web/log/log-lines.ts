/** One line of a log, without its newline. */
export interface LogLine {
  /** Counts from 1. */
  readonly number: number;
  /** Decoded; what is not UTF-8 became U+FFFD. */
  readonly text: string;
  /** Bytes of this line past `maxLineBytes`, which are not in `text`. */
  readonly droppedBytes: number;
}

export interface LogLinesOptions {
  /** Number of the first line; 1. */
  readonly firstNumber: number;
  readonly maxLineBytes: number;
}

const NEWLINE = 0x0a;

/** Splits a log into lines while it is read, the last one even without its newline. Holds one line of at most `maxLineBytes`. */
export async function* logLines(
  bytes: AsyncIterable<Uint8Array>,
  { firstNumber, maxLineBytes }: LogLinesOptions,
): AsyncGenerator<LogLine> {
  let number = firstNumber;
  let line = startLine();
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      extend(line, chunk.subarray(from, end), maxLineBytes);
      yield finish(line, number);
      number += 1;
      line = startLine();
      from = end + 1;
    }
    extend(line, chunk.subarray(from), maxLineBytes);
  }
  if (line.keptBytes > 0) yield finish(line, number);
}

interface OpenLine {
  readonly parts: Uint8Array[];
  keptBytes: number;
  droppedBytes: number;
}

function startLine(): OpenLine {
  return { parts: [], keptBytes: 0, droppedBytes: 0 };
}

function extend(line: OpenLine, part: Uint8Array, maxLineBytes: number): void {
  const kept = part.subarray(0, maxLineBytes - line.keptBytes);
  if (kept.length > 0) line.parts.push(kept);
  line.keptBytes += kept.length;
  line.droppedBytes += part.length - kept.length;
}

function finish({ parts, droppedBytes }: OpenLine, number: number): LogLine {
  const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  // In a cut line the last character may be half there: `stream` leaves it out.
  const text = new TextDecoder().decode(bytes, { stream: droppedBytes > 0 });
  return { number, text, droppedBytes };
}
