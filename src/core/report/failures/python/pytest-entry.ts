import type { Place } from '../finding.ts';
import { createPythonTraceback, isOwnPython, type PythonTraceback } from './python-traceback.ts';

const MOST_LINES = 40;
const MOST_FRAMES = 5;
const MOST_CAPTURED = 10;

/** `tests/test_order.py:13: AssertionError`, `tests/test_order.py:20: `, `tests/test_order.py:13: in test_total` */
const PLACE = /^(?<path>[^\s:][^:]{0,1000}):(?<line>\d{1,7}): ?(?<what>.{0,1000})$/;
/** Of a file that cannot be read: `E     File "/workspace/source/tests/test_syntax.py", line 1`. */
const FILE = /^E +File "(?<path>[^"]{1,1000})", line (?<line>\d{1,7})/;
const CAPTURED = /^-{2,200} (?<what>Captured .{1,60}) -{2,200}$/;
const CHAIN = /^(?:The above exception was the direct cause|During handling of the above exception)/;

/** One failure or error below its heading, in the long, short or native form. */
export interface PytestEntry {
  readonly heading: string;
  readonly number: number;
  line(text: string): void;
  message(): string;
  /** The last own line: there it was raised. */
  place(): Place | null;
}

export function createPytestEntry(heading: string, number: number): PytestEntry {
  const words: string[] = [];
  const others: string[] = [];
  let captured: string[] | null = null;
  let frames: string[] = [];
  let place: Place | null = null;
  let code: string | null = null;
  /** The error that the last frames led to. */
  let isTold = false;
  let indent: number | null = null;

  /** Below `--tb=native`. */
  let native: PythonTraceback | null = null;

  const frame = (text: string): boolean => {
    const found = /\.\w{1,10}:\d/.test(text) ? PLACE.exec(text)?.groups : undefined;
    if (found?.path === undefined) return false;
    if (!isOwnPython(found.path)) return true;
    place = { path: found.path, line: Number(found.line) };
    frames = [...frames, `at ${found.path}:${found.line}`].slice(-MOST_FRAMES);
    return true;
  };
  const error = (text: string) => {
    const file = FILE.exec(text)?.groups;
    if (file?.path !== undefined) place = { path: file.path, line: Number(file.line) };
    const said = text.slice(1);
    const blanks = said.length - said.trimStart().length;
    indent ??= blanks;
    isTold = true;
    if (words.length < MOST_LINES) words.push(said.slice(Math.min(indent, blanks)));
  };
  const chain = (text: string) => {
    frames = [];
    code = null;
    isTold = false;
    words.push(text);
  };
  const other = (text: string) => {
    if (CHAIN.test(text) && words.length < MOST_LINES) chain(text);
    else if (text.startsWith('>')) code = text.slice(1).trim();
    else if (!isTold && frames.length > 0 && text.startsWith('    ')) code = text.trim();
    else if (others.length < MOST_LINES) others.push(text);
  };
  const capture = (into: string[], text: string) => {
    const what = text.startsWith('--') ? CAPTURED.exec(text)?.groups?.what : undefined;
    if (into.length <= MOST_CAPTURED) into.push(what === undefined ? text : `${what}:`);
  };
  const report = (text: string) => {
    if (text.startsWith('Traceback (most recent')) native ??= createPythonTraceback();
    if (native !== null) native.line(text);
    else if (text === 'E' || text.startsWith('E  ')) error(text);
    else if (!frame(text)) other(text);
  };
  return {
    heading,
    number,
    line(text) {
      if (text.startsWith('--') && CAPTURED.test(text)) captured ??= [];
      if (captured === null) report(text);
      else capture(captured, text);
    },
    message() {
      if (native !== null) return [native.message(), ...(captured ?? [])].join('\n');
      const said = words.length > 0 ? words : others;
      const source = code === null || words.length === 0 ? [] : [`> ${code}`];
      return [...said, ...source, ...(frames.length > 1 ? frames : []), ...(captured ?? [])]
        .join('\n')
        .trim();
    },
    place: () => native?.place() ?? place,
  };
}
