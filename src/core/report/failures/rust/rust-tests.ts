import type { Findings } from '../collect-findings.ts';
import type { Place } from '../finding.ts';
import { createRustOutput, type RustOutput } from './rust-output.ts';

const MOST_TESTS = 2000;

/** `test tests::overflows - should panic ... FAILED`, and `tests::adds --- FAILED` when quiet. */
const FAILED = /^(?:test (?<name>.{1,500}) \.\.\.|(?<quiet>\S{1,500}) ---) FAILED$/;
const MODE = / - (?:should panic|compile fail|compile|should panic \(.{1,200}\))$/;
/** `---- tests::adds stdout ----` */
const BLOCK = /^---- (?<name>.{1,500}) (?:stdout|stderr) ----$/;
/** `thread 'tests::adds' (25178) panicked at src/lib.rs:19:9:` */
const PANIC = /^thread '(?<name>[^']{1,500})' (?:\(\d{1,10}\) )?panicked at /;
const RUNNING = /^running \d{1,9} tests?$/;
const RESULT = /^test result: (?:ok|FAILED)\. \d/;
/** A binary that dies has no result. */
const OVER = /^error: (?:(?:test|doctest|bench) failed, to rerun|\d{1,9} targets? failed:)/;
/** `src/lib.rs - add (line 5)` */
const DOC = /^(?<path>\S{1,500}\.(?:rs|md)) - .{0,500}\(line (?<line>\d{1,7})\)$/;

/** The tests of one test binary after the other. */
export interface RustTests {
  /** True when a test printed the line, or the test harness. */
  line(text: string, number: number): boolean;
  end(): void;
}

/** @see https://doc.rust-lang.org/rustc/tests/index.html */
export function createRustTests(findings: Findings): RustTests {
  let failed = new Map<string, { readonly line: number; readonly output: RustOutput }>();
  let panics = new Map<string, RustOutput>();
  let isRunning = false;
  let isTold = false;
  let open: RustOutput | null = null;

  const begin = (name: string, line: number) => {
    const known = failed.get(name) ?? { line, output: createRustOutput() };
    if (failed.size < MOST_TESTS) failed.set(name, known);
    return known.output;
  };
  const end = () => {
    for (const [name, { line, output }] of failed) {
      const told = output.message() === '' ? (panics.get(name) ?? output) : output;
      findings.add({
        kind: 'test',
        name,
        message: told.message(),
        place: told.place() ?? placeOfDoc(name),
        line,
      });
    }
    failed = new Map();
    panics = new Map();
    isRunning = false;
    isTold = false;
    open = null;
  };
  /** What is printed at once, without a block, by a thread that is named as its test. */
  const hear = (text: string) => {
    const thread = text.startsWith('thread ') ? PANIC.exec(text)?.groups?.name : undefined;
    if (thread !== undefined) {
      open = createRustOutput();
      if (panics.size < MOST_TESTS) panics.set(thread, open);
    } else if (text.startsWith('test ')) return;
    open?.say(text);
  };
  const readBlock = (text: string, number: number) => {
    const name = text.startsWith('---- ') ? BLOCK.exec(text)?.groups?.name : undefined;
    // A test may print such a line; all that failed are named before, unless only dots were shown.
    if (name !== undefined && (failed.size === 0 || failed.has(name) || !isTold)) open = begin(name, number);
    else if (text === 'failures:') open = null;
    else open?.say(text);
  };
  const readRunning = (text: string, number: number) => {
    const found = isTold ? undefined : FAILED.exec(text)?.groups;
    const name = (found?.name ?? found?.quiet)?.replace(MODE, '');
    if (name !== undefined) begin(name, number);
    else if (isTold) readBlock(text, number);
    else if (text !== 'failures:') hear(text);
    else {
      isTold = true;
      open = null;
    }
  };
  return {
    line(text, number) {
      if (!isRunning) {
        isRunning = text.startsWith('running ') && RUNNING.test(text);
        return isRunning;
      }
      const isOver = OVER.test(text);
      if (isOver || RESULT.test(text)) end();
      else readRunning(text, number);
      return !isOver;
    },
    end,
  };
}

function placeOfDoc(name: string): Place | null {
  const found = DOC.exec(name)?.groups;
  return found?.path === undefined ? null : { path: found.path, line: Number(found.line) };
}
