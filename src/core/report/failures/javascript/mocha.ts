import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { createJsFailure, type JsFailure } from './js-failure.ts';
import { NPM_SCRIPTS } from './npm-scripts.ts';

/** `  6 failing` begins the report, `  1) an order` a failure, with the rest of its title below. */
const FAILING = /^ {2}\d{1,7} failing$/;
const FIRST = /^ {2}\d{1,7}\) (?<title>.{1,1000})$/;
/** What cannot be loaded; ` Exception during run: ` since version 11, ` ✖ ERROR: ` in version 10. */
const BROKEN = /^ (?:Exception during run|✖ ERROR): (?<error>.{1,2000})$/;
const MOST_TITLES = 20;

interface Entry {
  readonly titles: string[];
  readonly line: number;
  readonly failure: JsFailure;
  isNamed: boolean;
  blanks: number;
}

/**
 * Mocha's reporters that end with a list of failures: spec, dot, min, list and more.
 *
 * @see https://mochajs.org/reporters/spec/
 */
export const mocha: FailureParser = {
  name: 'mocha',
  commands: new RegExp(`\\bmocha\\b|${NPM_SCRIPTS}`),
  start,
};

function start(): Reading {
  const findings = collectFindings();
  let isReport = false;
  let entry: Entry | null = null;

  const close = () => {
    if (entry?.isNamed === true) {
      const { titles, failure, line } = entry;
      const name = titles.join(' › ');
      findings.add({ kind: 'test', name, message: failure.message(), place: failure.place(), line });
    }
    entry = null;
  };
  const open = (title: string, line: number) => {
    close();
    entry = { titles: [], line, failure: createJsFailure(), isNamed: false, blanks: 0 };
    name(entry, title);
  };
  const begin = (text: string, number: number) => {
    const error = text.startsWith(' ') ? BROKEN.exec(text)?.groups?.error : undefined;
    if (FAILING.test(text)) isReport = true;
    else if (error !== undefined) open(`${error}:`, number);
    else if (text.startsWith('Error: No test files found')) {
      findings.add({ kind: 'command', name: text, place: null, line: number });
    }
  };
  const report = (text: string, number: number) => {
    const title = text.startsWith('  ') ? FIRST.exec(text)?.groups?.title : undefined;
    if (title !== undefined) open(title, number);
    else if (entry === null) begin(text, number);
    else if (isEnd(entry, text)) {
      close();
      isReport = false;
    } else if (entry.isNamed) entry.failure.line(text);
    else name(entry, text);
  };
  return {
    line(text, number) {
      if (isReport || entry !== null) report(text, number);
      else begin(text, number);
    },
    end() {
      close();
      return findings.all();
    },
  };
}

/** The last part of a title ends with a colon. */
function name(entry: Entry, text: string): void {
  const title = text.trim();
  entry.isNamed = title.endsWith(':') || entry.titles.length >= MOST_TITLES;
  entry.titles.push(entry.isNamed ? title.slice(0, -1) : title);
}

/** Two empty lines below a stack, or what the next command says. */
function isEnd(entry: Entry, text: string): boolean {
  entry.blanks = text === '' ? entry.blanks + 1 : 0;
  return text.startsWith('tekton-ci: ') || (entry.blanks > 1 && entry.failure.hasStack());
}
