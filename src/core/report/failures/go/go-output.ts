import type { Place } from '../finding.ts';

/** The last lines are kept: what is said before it failed tells of what went well. */
const MOST_LINES = 40;

/** `    cart_test.go:13: got 404, want 200`, as t.Log and t.Error write it. */
const TOLD = /^(?<indent> +)(?<path>[^\s:/]{1,200}\.go):(?<line>\d{1,7}): /;

/** testify's `    \tError:      \tNot equal: ` */
const BLANKS = '    \t';

/** What one test printed. There are as many as tests: no more than its fields is made for each. */
export interface GoOutput {
  readonly lines: string[];
  /** Blanks before what the test told first. */
  indent: number;
  /** The last line of the test's own file that tells something; logs by helpers and of Go itself count less, or not. */
  told: Pick<Place, 'path' | 'line'> | null;
  /** That the race detector is why it failed. */
  isRace: boolean;
}

export function createGoOutput(): GoOutput {
  return { lines: [], indent: 0, told: null, isRace: false };
}

/** Takes in a line that the test printed. */
export function sayGoOutput(output: GoOutput, text: string): void {
  const found = text.startsWith(' ') && text.includes('.go:') ? TOLD.exec(text)?.groups : undefined;
  if (found?.path !== undefined) {
    tell(output, { path: found.path, line: Number(found.line) }, text);
    output.indent ||= found.indent?.length ?? 0;
  }
  output.lines.push(withoutIndent(text, output.indent));
  if (output.lines.length > MOST_LINES) output.lines.shift();
}

function tell(output: GoOutput, place: Pick<Place, 'path' | 'line'>, text: string): void {
  if (place.path === 'testing.go') output.isRace ||= text.endsWith('race detected during execution of test');
  else if (place.path.endsWith('_test.go') || output.told?.path.endsWith('_test.go') !== true) {
    output.told = place;
  }
}

export function goOutputMessage({ lines }: GoOutput): string {
  return lines.join('\n');
}

/** @param within the package, or '' */
export function goOutputPlace({ told }: GoOutput, within: string): Place | null {
  return told === null ? null : { ...told, ...(within === '' ? {} : { within }) };
}

function withoutIndent(text: string, indent: number): string {
  let from = 0;
  while (from < indent && text[from] === ' ') from += 1;
  return text.slice(text.startsWith(BLANKS, from) ? from + BLANKS.length : from);
}
