import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Finding, Place } from '../finding.ts';
import { createJsFailure, type JsFailure } from './js-failure.ts';
import { indentOf, readJsPlace } from './js-frames.ts';
import { createNodeCrashes, type NodeCrash } from './node-crash.ts';
import { NPM_SCRIPTS } from './npm-scripts.ts';

/** Failing tests whose suites are remembered. */
const MOST_TESTS = 1000;
const TIME = / \(\d{1,12}(?:\.\d{1,9})?ms\)$/;
/** It tells nothing where the suite's own failure is told. */
const CANCELLED = 'test did not finish before its parent and was cancelled';

interface Entry {
  readonly label: string;
  readonly line: number;
  readonly place: Place | null;
  readonly failure: JsFailure;
}

/**
 * The spec reporter of node's test runner: a tree while the tests run, and below `✖ failing tests:` what failed.
 *
 * @see https://nodejs.org/api/test.html#test-reporters
 */
export const nodeTest: FailureParser = {
  name: 'node:test',
  commands: new RegExp(`\\bnode\\b.{0,300} --test\\b|${NPM_SCRIPTS}`),
  start,
};

function start(): Reading {
  const entries: Entry[] = [];
  const tree = createTree();
  const coverage: [string, number][] = [];
  let isReport = false;
  let entry: Entry | null = null;
  let place: Place | null = null;

  const open = (label: string, line: number) => {
    entry = { label, line, place, failure: createJsFailure() };
    if (entries.length < MOST_TESTS) entries.push(entry);
  };
  const report = (text: string, number: number) => {
    if (text === '' || text.startsWith('  ')) {
      entry?.failure.line(text);
      return;
    }
    entry = null;
    if (text.startsWith('test at ')) place = readJsPlace(text.slice('test at '.length));
    else if (text.startsWith('✖ ')) open(text.slice(2), number);
    else if (!text.startsWith('⚠ ')) isReport = false;
  };
  return {
    line(text, number) {
      if (text.startsWith('ℹ Error: ') && text.includes(' coverage does not meet '))
        coverage.push([text, number]);
      else if (text === '✖ failing tests:') isReport = true;
      else if (isReport) report(text, number);
      else tree.line(text, number);
    },
    end: () => [...coverage.map(([text, line]) => ofCoverage(text, line)), ...tell(entries, tree)],
  };
}

function ofCoverage(text: string, line: number): Finding {
  return {
    kind: 'test',
    level: 'failure',
    name: text.slice('ℹ Error: '.length),
    message: '',
    place: null,
    line,
  };
}

function tell(entries: readonly Entry[], tree: ReturnType<typeof createTree>) {
  const findings = collectFindings();
  const told = entries.map((entry) => ({ entry, message: withoutQuotes(entry.failure.message()) }));
  const own = told.filter(({ message }) => message !== CANCELLED);
  for (const { entry, message } of own.length > 0 ? own : told) {
    const { label, failure, line } = entry;
    const crash = message === 'test failed' ? tree.crashOf(label) : null;
    findings.add({
      kind: 'test',
      name: tree.pathOf(label),
      message: crash === null ? message : `${crash.name}\n${crash.message}`,
      place: crash?.place ?? failure.place() ?? entry.place,
      line,
    });
  }
  return findings.all();
}

/** What is thrown without a stack is written as a string. */
function withoutQuotes(message: string): string {
  return /^'[^\n]*'$/.test(message) ? message.slice(1, -1) : message;
}

/** The tree tells the suites of a test, and what a file that cannot run has printed. */
function createTree() {
  const suites: string[] = [];
  const paths = new Map<string, string>();
  const crashed = new Map<string, NodeCrash>();
  let crash: NodeCrash | null = null;
  const crashes = createNodeCrashes((told) => {
    crash = told;
  });
  const fail = (label: string, depth: number) => {
    if (paths.size < MOST_TESTS)
      paths.set(label, [...suites.slice(0, depth), label.replace(TIME, '')].join(' › '));
    if (crash !== null && crashed.size < MOST_TESTS) crashed.set(label, crash);
    crash = null;
  };
  return {
    line(text: string, number: number): void {
      crashes.line(text, number);
      const from = indentOf(text);
      const depth = from / 2;
      if (text.startsWith('▶ ', from) && depth < 50) {
        suites.length = Math.min(suites.length, depth);
        suites[depth] = text.slice(from + 2).replace(TIME, '');
      } else if (text.startsWith('✖ ', from)) fail(text.slice(from + 2), depth);
    },
    pathOf: (label: string) => paths.get(label) ?? label.replace(TIME, ''),
    crashOf: (label: string) => crashed.get(label) ?? null,
  };
}
