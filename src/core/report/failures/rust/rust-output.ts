import type { Place } from '../finding.ts';

const MOST_LINES = 40;

const PANIC =
  /^thread '[^']{1,500}' (?:\(\d{1,10}\) )?panicked at (?<path>[^:]{1,500}):(?<line>\d{1,7}):(?<column>\d{1,6}):?$/;
/** `note: test did not panic as expected at src/lib.rs:29:8` */
const NO_PANIC =
  /^note: test did not panic as expected at (?<path>[^:]{1,500}):(?<line>\d{1,7}):(?<column>\d{1,6})$/;
/** `             at ./src/price.rs:2:18` */
const FRAME = /^ {10,20}at (?:\.\/)?(?<path>[^:]{1,500}):(?<line>\d{1,7}):(?<column>\d{1,6})$/;
/** The standard library's sources, and other people's crates. */
const FOREIGN = /^\/rustc\/|\/rustlib\/src\/|\/registry\/src\/|\/git\/checkouts\//;

/** What a test or a program printed, without backtraces. */
export interface RustOutput {
  say(text: string): void;
  message(): string;
  /** Where it panicked; of a panic in foreign sources, the first own frame. */
  place(): Place | null;
}

export function createRustOutput(): RustOutput {
  const lines: string[] = [];
  let place: Place | null = null;
  let isBacktrace = false;
  const isTold = (found: Readonly<Record<string, string>> | undefined): boolean => {
    if (found?.path === undefined) return false;
    if (!FOREIGN.test(found.path)) {
      place ??= { path: found.path, line: Number(found.line), column: Number(found.column) };
    }
    return true;
  };
  /** Reads what is not worth saying. */
  const isSkipped = (text: string): boolean => {
    if (text.startsWith('thread ') && isTold(PANIC.exec(text)?.groups)) return true;
    isBacktrace = text === 'stack backtrace:' || (isBacktrace && text.startsWith('  '));
    if (isBacktrace) isTold(FRAME.exec(text)?.groups);
    return isBacktrace || text.startsWith('note: run with') || text.startsWith('note: Some details');
  };
  return {
    say(text) {
      if (isSkipped(text)) return;
      if (text.startsWith('note: test did not')) isTold(NO_PANIC.exec(text)?.groups);
      lines.push(text);
      if (lines.length > MOST_LINES) lines.shift();
    },
    message: () => lines.join('\n').trim(),
    place: () => place,
  };
}
