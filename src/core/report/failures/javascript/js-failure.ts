import type { Place } from '../finding.ts';
import { indentOf, readJsFrame } from './js-frames.ts';

/** Lines and own frames of one error that are kept. */
const MOST_LINES = 60;
const MOST_FRAMES = 5;
/** An error, and the causes of causes. */
const MOST_PARTS = 4;

/** `  > 15 |   expect(total).toBe(8);` (jest), `     16|   expect(total).toBe(8);` (vitest) */
const CODE = /^ {0,30}>? {0,10}\d{1,7} ?\|/;
/** Below the code, where it is wrong. */
const CARET = /^ {0,40}\| {0,500}\^/;
/** What node leaves out of a stack, and the end of an error's properties. */
const REST = /^ *(?:\.\.\. \d{1,4} lines matching cause stack trace \.\.\.|\})$/;
const CAUSE = /^ *(?:\[cause\]: |Caused by: |Cause:$)/;

/** What a JavaScript error says: its words, the line of code it is about, and the own frames. */
export interface JsFailure {
  line(text: string): void;
  /** Forgets what was said before: it was advice. */
  restart(): void;
  /** A stack was told, which mostly is the end. */
  hasStack(): boolean;
  message(): string;
  /** The first own frame. */
  place(): Place | null;
}

/** The words of an error or of its cause. */
interface Part {
  /** `Cause: `, and '' of the error itself. */
  readonly head: string;
  readonly lines: string[];
}

export function createJsFailure(): JsFailure {
  let parts: Part[] = [];
  let indent: number | null = null;
  let part = begin('');
  const frames: string[] = [];
  let place: Place | null = null;
  let hasStack = false;
  const code = createCodeReader();
  let isProperties = false;

  function begin(head: string): Part {
    const next = { head, lines: [] };
    if (parts.length < MOST_PARTS) parts.push(next);
    indent = null;
    return next;
  }
  const frame = (text: string): boolean => {
    const found = readJsFrame(text);
    if (found === null) return false;
    hasStack = true;
    isProperties = found.isBeforeProperties;
    place ??= found.place;
    if (found.place !== null && parts.length === 1 && frames.length < MOST_FRAMES) frames.push(found.text);
    return true;
  };
  const say = (text: string) => {
    if (text.trim() !== '') indent ??= indentOf(text);
    if (part.lines.length < MOST_LINES) part.lines.push(text.slice(Math.min(indentOf(text), indent ?? 0)));
  };
  const isRest = (text: string) => isProperties || (hasStack && REST.test(text));
  const beginCause = (text: string, from: number): boolean => {
    const head = text.startsWith('C', from) || text.startsWith('[', from) ? CAUSE.exec(text)?.[0] : undefined;
    if (head === undefined) return false;
    part = begin(`${head.trim()} `);
    isProperties = false;
    if (text.length > head.length) say(text.slice(head.length));
    return true;
  };
  return {
    line(text) {
      const from = indentOf(text);
      const isFrame = frame(text);
      if (!isFrame && !beginCause(text, from) && !code.line(text, from) && !isRest(text)) say(text);
      code.mayFollow(isFrame || from === text.length);
    },
    restart() {
      parts = [];
      part = begin('');
    },
    hasStack: () => hasStack,
    message: () => tell(parts, code.found(), frames),
    place: () => place,
  };
}

/** Of a piece of code, which follows an empty line or a frame, only the line that the caret is below is kept. */
function createCodeReader() {
  let isCode = false;
  let isNext = true;
  let last: string | null = null;
  let marked: string | null = null;
  const isOfCode = (text: string, from: number): boolean => {
    if (text.startsWith('|', from)) return isCode;
    return (isCode || isNext) && from < text.length && CODE.test(text);
  };
  return {
    /** False when the line is no code; `from` is its first character that is no blank. */
    line(text: string, from: number): boolean {
      isCode = isOfCode(text, from);
      if (!isCode) return false;
      if (CARET.test(text)) marked ??= last;
      else last = text;
      return true;
    },
    /** Tells whether code may begin with the next line. */
    mayFollow(is: boolean): void {
      isNext = is;
    },
    found: () => (marked === null ? [] : [`> ${marked.replace(/^[ >]+/, '')}`]),
  };
}

/** The frames are told where there are several; one is the place. A cause with the same words tells nothing. */
function tell(parts: readonly Part[], code: readonly string[], frames: readonly string[]): string {
  const [error = '', ...causes] = parts.map(({ lines }) => wordsOf(lines));
  const others = causes.flatMap((cause, at) =>
    error.includes(cause) ? [] : [`${parts[at + 1]?.head}${cause}`],
  );
  const stack = frames.length > 1 ? frames.map((text) => `at ${text}`) : [];
  return [error, ...others, ...code, ...stack].join('\n');
}

/** Without the empty lines that frames and code left behind. */
function wordsOf(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
