import { collectFindings, type Findings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Place } from '../finding.ts';
import { createJsFailure, type JsFailure } from './js-failure.ts';
import { readJsPlace } from './js-frames.ts';
import { NPM_SCRIPTS } from './npm-scripts.ts';

/** `⎯⎯⎯⎯⎯⎯⎯ Failed Tests 7 ⎯⎯⎯⎯⎯⎯⎯`, `⎯⎯⎯⎯⎯ Uncaught Exception ⎯⎯⎯⎯⎯` */
const HEADER = /^⎯{2,200} (?<title>[A-Z][A-Za-z ]{1,60}?) (?:\d{1,7} )?⎯{2,200}$/;
const FAIL = ' FAIL  ';
/** ` FAIL  |unit| test/order.test.js > an order > has a total`, ` FAIL  test/order.test.js [ test/order.test.js ]` */
const FAILED =
  /^ FAIL {2}(?:\|[^|]{1,100}\| )?(?<path>\S{1,1000})(?: > (?<name>.{1,2000})| \[ .{1,1000} \])?$/;
const COVERAGE = 'ERROR: Coverage for ';

interface Failed {
  readonly path: string;
  /** Null when the file itself failed. */
  readonly name: string | null;
  readonly line: number;
}

/** One error and all that failed by it. */
interface Entry {
  readonly failed: Failed[];
  /** Of an error that belongs to no test: `Uncaught Exception`. */
  readonly title: string;
  readonly line: number;
  readonly failure: JsFailure;
  isTold: boolean;
}

/**
 * Vitest's default, verbose, tree and dot reporters: what failed is told at the end, below headers.
 *
 * @see https://vitest.dev/guide/reporters
 */
export const vitest: FailureParser = {
  name: 'vitest',
  commands: new RegExp(`\\bvitest\\b|${NPM_SCRIPTS}`),
  start,
};

function start(): Reading {
  const findings = collectFindings();
  let isReport = false;
  let entry: Entry | null = null;
  let nothing: { readonly name: string; readonly line: number } | null = null;

  const close = () => {
    if (entry !== null) tell(entry, findings);
    entry = null;
  };
  const open = (title: string, line: number): Entry => {
    entry = { failed: [], title, line, failure: createJsFailure(), isTold: false };
    return entry;
  };
  const header = (text: string, number: number) => {
    close();
    const title = HEADER.exec(text)?.groups?.title;
    if (title === undefined) return;
    isReport = true;
    // Below those, each failure has a line of its own.
    if (!title.startsWith('Failed ') && title !== 'Unhandled Errors') open(title, number);
  };
  const fail = (text: string, line: number) => {
    if (entry?.isTold === true) close();
    const found = FAILED.exec(text)?.groups;
    if (found?.path !== undefined) {
      (entry ?? open('', line)).failed.push({ path: found.path, name: found.name ?? null, line });
    }
  };
  const other = (text: string, number: number) => {
    if (text.startsWith(COVERAGE)) {
      findings.add({ kind: 'test', name: text.slice('ERROR: '.length), place: null, line: number });
    } else if (text.startsWith('No test files found, ')) {
      nothing = { name: text, line: number };
    } else if (entry !== null) {
      entry.isTold ||= text !== '';
      entry.failure.line(text);
    }
  };
  return {
    line(text, number) {
      if (text.startsWith('⎯')) header(text, number);
      else if (isReport && text.startsWith(FAIL)) fail(text, number);
      else if (text.startsWith(' Test Files ') || text.startsWith('tekton-ci: ')) {
        close();
        isReport = false;
      } else other(text, number);
    },
    end() {
      close();
      if (findings.count === 0 && nothing !== null)
        findings.add({ kind: 'command', place: null, ...nothing });
      return findings.all();
    },
  };
}

function tell({ failed, title, line, failure }: Entry, findings: Findings): void {
  const message = failure.message();
  for (const { path, name, line: at } of failed) {
    const place = failure.place() ?? (name === null ? placeIn(message, path) : null);
    findings.add({ kind: 'test', name: name ?? path, message, place, line: at });
  }
  const [first = '', ...more] = message.split('\n');
  if (title === '' || first === '') return;
  const place = failure.place() ?? ofBundler(message);
  findings.add({ kind: 'test', name: `${title}: ${first}`, message: more.join('\n'), place, line });
}

/** A file that cannot be read is told as `/test/order.test.js:3:12`, from the project's root. */
function placeIn(message: string, path: string): Place {
  const from = message.indexOf(`${path}:`);
  const found = from === -1 ? null : /^:(\d{1,7}):(\d{1,6})/.exec(message.slice(from + path.length));
  if (found === null) return { path, line: 1 };
  return { path, line: Number(found[1]), column: Number(found[2]) };
}

/** `╭─[ vitest.config.js:2:20 ]` */
function ofBundler(message: string): Place | null {
  const found = /╭─\[ (\S{1,1000}:\d{1,7}:\d{1,6}) \]/.exec(message)?.[1];
  return found === undefined ? null : readJsPlace(found);
}
