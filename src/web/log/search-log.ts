import type { WireSearch } from '../wire.ts';
import { plainText } from './plain-text.ts';
import { MAX_LINE_BYTES } from './read-lines.ts';

/** Nobody goes through more. */
export const MOST_HITS = 1_000;

/**
 * Numbers of the lines that have the text in them, letters of either case being the same. Reads the log once, from its beginning; holds
 * one piece of it, and the beginning of a line that has no end yet. Ends early by the signal, with what was found until then.
 */
export async function searchLog(
  bytes: AsyncIterable<Uint8Array>,
  text: string,
  signal: AbortSignal,
): Promise<WireSearch> {
  const wanted = text.toLowerCase();
  const decoder = new TextDecoder();
  const lines: number[] = [];
  let number = 0;
  let rest = '';

  /** False once there are too many. */
  const look = (piece: string): boolean => {
    // Most pieces do not have it at all, and are never taken apart.
    const isWorth =
      piece.includes('\u{1b}') || piece.includes('\u{9b}') || piece.toLowerCase().includes(wanted);
    if (!isWorth) {
      number += countLines(piece);
      return true;
    }
    for (const line of piece.split('\n')) {
      number += 1;
      if (!plainText(line).toLowerCase().includes(wanted)) continue;
      if (lines.length === MOST_HITS) return false;
      lines.push(number);
    }
    return true;
  };

  for await (const chunk of bytes) {
    if (signal.aborted) return { lines, more: true };
    const all = rest + decoder.decode(chunk, { stream: true });
    const end = all.lastIndexOf('\n');
    if (end !== -1 && !look(all.slice(0, end))) return { lines, more: true };
    // A line of a hundred megabytes is not held: past its beginning it is not shown either.
    rest = all.slice(end + 1, end + 1 + MAX_LINE_BYTES);
  }
  rest += decoder.decode();
  const more = rest !== '' && !look(rest);
  return { lines, more };
}

function countLines(piece: string): number {
  let count = 1;
  for (let at = piece.indexOf('\n'); at !== -1; at = piece.indexOf('\n', at + 1)) count += 1;
  return count;
}
