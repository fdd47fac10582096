import type { LinePart, WireLine, WireLines } from '../wire.ts';
import { markBefore, timeOfLine } from './find-mark.ts';
import { lineParts } from './line-parts.ts';
import { type LogLine, logLines } from './log-lines.ts';
import type { StepLog } from './step-log.ts';

/** A line that is longer is cut; the raw log has it whole. */
export const MAX_LINE_BYTES = 8_000;

/** The most lines that are given at once. */
export const MOST_LINES = 1_000;

/** Long lines are given in smaller portions, which the reader asks for again. */
const ENOUGH_CHARACTERS = 500_000;

/** So many lines of a log from line `from`, read from the nearest mark before it; none past its end. */
export async function readLines(log: StepLog, from: number, count: number): Promise<WireLines> {
  const marks = await log.marks();
  const begin = markBefore(marks, from);
  const lines: WireLine[] = [];
  let characters = 0;
  const all = logLines(log.read(begin.offset), { firstNumber: begin.line, maxLineBytes: MAX_LINE_BYTES });
  for await (const line of all) {
    if (line.number < from) continue;
    lines.push(wireLine(line, timeOfLine(marks, line.number)));
    characters += line.text.length;
    if (lines.length === count || characters > ENOUGH_CHARACTERS) break;
  }
  return { from, lines };
}

function wireLine({ text, droppedBytes }: LogLine, at: number | null): WireLine {
  const parts: readonly LinePart[] = lineParts(text);
  return { at, parts, ...(droppedBytes > 0 && { dropped: droppedBytes }) };
}
