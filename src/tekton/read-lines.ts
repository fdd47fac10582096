/** A line, or a part of one. */
export interface LinePiece {
  /** With its line feed, if it has one. */
  readonly bytes: Uint8Array;
  /** The line ends with this piece. */
  readonly ends: boolean;
}

const LINE_FEED = 0x0a;

/**
 * Cuts a stream of bytes into lines; all that are complete with one read come together. A line longer than `longest` bytes comes in
 * pieces, and so does one that the stream ends in.
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  longest = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly LinePiece[]> {
  let rest: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const pieces: LinePiece[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      pieces.push({ bytes: Buffer.concat([...rest, chunk.subarray(start, end + 1)]), ends: true });
      rest = [];
      length = 0;
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > longest) {
      pieces.push({ bytes: Buffer.concat(rest), ends: false });
      rest = [];
      length = 0;
    }
    if (pieces.length > 0) yield pieces;
  }
  if (length > 0) yield [{ bytes: Buffer.concat(rest), ends: false }];
}
