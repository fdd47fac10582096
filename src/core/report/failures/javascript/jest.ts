import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Finding, Place } from '../finding.ts';
import { createJsFailure, type JsFailure } from './js-failure.ts';
import { NPM_SCRIPTS } from './npm-scripts.ts';
import { readTscLine } from './tsc-lines.ts';

/** `FAIL test/order.test.js`, with a project before the path, or the time after it; blanks surround `FAIL` where there are colours. */
const SUITE = /^ ?FAIL {1,2}(?:\S{1,100} )?(?<path>\S{1,1000})(?: \([\d.]{1,10} m?s\))?$/;
/** `SyntaxError: /workspace/source/src/a.js: Unexpected token (2:12)` is what Babel says. */
const UNREADABLE = /^SyntaxError: (?<path>[^:]{1,1000}): .{0,1000}\((?<line>\d{1,7}):(?<column>\d{1,6})\)$/;
const NOT_RUN = 'Test suite failed to run';
const COVERAGE = 'Jest: ';
const EXIT = 'process.exit called with ';
const ADVICE = /^(?:Configuration Documentation:$|https:\/\/jestjs\.io\/docs\/conf)/;
/** What it says when it cannot begin. */
const BROKEN = /^● (?:Validation Error|Multiple configurations found|Unrecognized CLI Parameters?):?$/;
/** What follows on the reports of the suites. */
const END = /^(?: ?PASS |Test Suites: | › |Snapshot Summary)/;

interface Entry {
  readonly kind: 'test' | 'command';
  /** '' where the first line of what is said names it. */
  readonly name: string;
  readonly suite: string;
  readonly line: number;
  readonly failure: JsFailure;
  /** Blanks before each line of it. */
  readonly indent: string;
  place: Place | null;
}

/**
 * Jest's default and verbose reporters.
 *
 * @see https://jestjs.io/docs/cli
 * @see https://jestjs.io/docs/configuration#reporters-arraymodulename--modulename-options
 */
export const jest: FailureParser = {
  name: 'jest',
  commands: new RegExp(`\\bjest\\b|${NPM_SCRIPTS}`),
  start,
};

function start(): Reading {
  const findings = collectFindings();
  /** A process that ends is told of again by each suite that it ran beside. */
  const exits = new Set<string>();
  let suite: string | null = null;
  let entry: Entry | null = null;
  let isRepeated = false;
  let before = '';

  const close = () => {
    const finding = entry === null ? null : findingOf(entry);
    entry = null;
    if (finding === null || exits.has(finding.name + finding.place?.path)) return;
    findings.add(finding);
    if (finding.name.startsWith(EXIT)) exits.add(finding.name + finding.place?.path);
  };
  const open = (first: Pick<Entry, 'kind' | 'name' | 'indent'>, line: number) => {
    close();
    entry = { ...first, suite: suite ?? '', line, failure: createJsFailure(), place: null };
  };
  const begin = (text: string, number: number) => {
    if (text.startsWith('  ● ')) test(text.slice('  ● '.length), number);
    else if (text.startsWith('● ') && BROKEN.test(text)) {
      open({ kind: 'command', name: '', indent: '  ' }, number);
    } else if (text.startsWith('No tests found, ')) open({ kind: 'command', name: text, indent: '' }, number);
    else turn(text);
  };
  const turn = (text: string) => {
    if (/^ ?FAIL /.test(text)) suite = SUITE.exec(text)?.groups?.path ?? suite;
    else if (END.test(text)) suite = null;
    // More than 20 suites: what failed is told again below it.
    else if (text === 'Summary of all failing tests') isRepeated = true;
  };
  const test = (name: string, number: number) => {
    const isEntry = suite !== null && !name.startsWith(' ') && name !== 'Console';
    const first = { kind: 'test', name: name.trim(), indent: '    ' } as const;
    if (name.startsWith(` ${EXIT}`)) open(first, number);
    // What tests print may look the same, but has no empty line before it.
    else if (isEntry && (before === '' || SUITE.test(before))) open(first, number);
  };
  const read = (text: string, number: number) => {
    close();
    if (text.startsWith('Test Suites: ')) isRepeated = false;
    if (text.startsWith(COVERAGE)) {
      findings.add({ kind: 'test', name: text.slice(COVERAGE.length), place: null, line: number });
    } else if (!isRepeated) begin(text, number);
  };
  return {
    line(text, number) {
      if (entry !== null && isOf(entry, text)) say(entry, text);
      else read(text, number);
      before = text;
    },
    end() {
      close();
      return findings.all();
    },
  };
}

function isOf({ indent }: Entry, text: string): boolean {
  return text === '' ? indent !== '' : text.startsWith(indent);
}

function say(entry: Entry, text: string): void {
  const words = text.trim();
  if (words === 'Details:') entry.failure.restart();
  else if (!ADVICE.test(words)) entry.failure.line(text);
  entry.place ??= placeIn(words);
}

function placeIn(words: string): Place | null {
  // As ts-jest tells it.
  if (words.includes(' - error TS')) return readTscLine(words)?.place ?? null;
  if (!words.startsWith('SyntaxError: ')) return null;
  const found = UNREADABLE.exec(words)?.groups;
  if (found?.path === undefined) return null;
  return { path: found.path, line: Number(found.line), column: Number(found.column) };
}

function findingOf({ kind, name, suite, line, failure, place }: Entry): Omit<Finding, 'level'> | null {
  const message = failure.message();
  if (name === NOT_RUN) {
    const told = place ?? failure.place() ?? { path: suite, line: 1 };
    return { kind, name: suite, message: `${NOT_RUN}\n${message}`, place: told, line };
  }
  if (name !== '') return { kind, name, message, place: place ?? failure.place(), line };
  const [first = '', ...more] = message.split('\n');
  return first === '' ? null : { kind, name: first, message: more.join('\n'), place: null, line };
}
