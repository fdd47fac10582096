import type { Place } from '../finding.ts';

const MOST_LINES = 40;
const MOST_FRAMES = 5;
/** `  File "/workspace/source/shop/order.py", line 15, in load` */
const FRAME = /^ *File "(?<path>[^"]{1,1000})", line (?<line>\d{1,7})(?:, in (?<name>.{1,300}))?$/;
/** Between an error and the one that it caused. */
const CHAIN = /^(?:The above exception was the direct cause|During handling of the above exception)/;

/** What Python says of an error: its words, and the own frames. */
export interface PythonTraceback {
  line(text: string): void;
  /** The error's words; of several, in the order of the log; then the own frames and the last one's code. */
  message(): string;
  /** The last own frame: there it was raised. */
  place(): Place | null;
}

/** @see https://docs.python.org/3/library/traceback.html */
export function createPythonTraceback(): PythonTraceback {
  const lines: string[] = [];
  let frames: string[] = [];
  let place: Place | null = null;
  let code: string | null = null;
  let isOwn = false;
  let isFrame = false;

  const frame = (text: string): boolean => {
    const found = text.includes('File "') ? FRAME.exec(text)?.groups : undefined;
    if (found?.path === undefined) return false;
    isFrame = true;
    isOwn = isOwnPython(found.path);
    if (!isOwn) return true;
    place = { path: found.path, line: Number(found.line) };
    code = null;
    const called = found.name === undefined ? '' : ` in ${found.name}`;
    frames = [...frames, `at ${found.path}:${found.line}${called}`].slice(-MOST_FRAMES);
    return true;
  };
  /** The code of a frame, and what is marked in it. */
  const isCode = (text: string): boolean => {
    if (isFrame && text.startsWith('    ')) {
      if (isOwn) code ??= text.trim();
      return true;
    }
    isFrame = false;
    return false;
  };
  return {
    line(text) {
      if (frame(text) || isCode(text) || text.startsWith('Traceback (most recent call last)')) return;
      if (CHAIN.test(text)) frames = [];
      if (lines.length < MOST_LINES) lines.push(text);
    },
    message() {
      const words = lines
        .join('\n')
        .replace(/\n{3,}/g, '\n\n')
        .trim();
      return [words, ...(code === null ? [] : [`> ${code}`]), ...(frames.length > 1 ? frames : [])].join(
        '\n',
      );
    },
    place: () => place,
  };
}

/** Python's own files and what is installed are not one's own. */
export function isOwnPython(path: string): boolean {
  return !/^<|(?:site|dist)-packages[\\/]|[\\/]lib[\\/]python\d/.test(path);
}
