import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { indentOf } from './js-frames.ts';
import { createNodeCrashes, type NodeCrash } from './node-crash.ts';
import { NPM_SCRIPTS } from './npm-scripts.ts';
import { createTapDiagnostics, type TapDiagnostics } from './tap-diagnostics.ts';

const POINT = /^(?<not>not )?ok\b(?: (?<number>\d{1,9}))?(?: -)?(?: (?<name>.{0,2000}))?$/;
const DIRECTIVE = / # (?:TODO|SKIP)\b/i;
const PLAN = /^1\.\.\d{1,9}\b/;
const SUBTEST = '# Subtest: ';
const MOST_TESTS = 1000;
const MOST_DEPTH = 50;

interface Entry {
  readonly name: string;
  readonly line: number;
  readonly said: TapDiagnostics;
  /** What a file that cannot run has printed; node tells of it as a failed test. */
  readonly crash: NodeCrash | null;
}

/**
 * The Test Anything Protocol, with the diagnostics of node's test runner, node-tap, tape, mocha and others.
 *
 * @see https://testanything.org/tap-version-14-specification.html
 */
export const tap: FailureParser = {
  name: 'tap',
  commands: new RegExp(`\\bnode\\b.{0,300} --test\\b|\\b(?:mocha|tap|tape|ava|bats|prove)\\b|${NPM_SCRIPTS}`),
  start,
};

function start(): Reading {
  const entries: Entry[] = [];
  const path: string[] = [];
  let isTap = false;
  let entry: Entry | null = null;
  let crash: NodeCrash | null = null;
  const crashes = createNodeCrashes((told) => {
    crash = told;
  });
  /** How deep the last failure was: that of its parent tells no more. */
  let failedAt = -1;

  const fail = (name: string, depth: number, line: number) => {
    entry = {
      name: [...path.slice(0, depth), name].join(' › '),
      line,
      said: createTapDiagnostics(depth < failedAt),
      crash,
    };
    crash = null;
    failedAt = depth;
    if (entries.length < MOST_TESTS) entries.push(entry);
  };
  const point = (text: string, from: number, number: number): boolean => {
    if (!text.startsWith('ok', from) && !text.startsWith('not ok', from)) return false;
    const found = POINT.exec(text.slice(from))?.groups;
    if (found === undefined) return false;
    entry = null;
    const name = found.name ?? `test ${found.number ?? ''}`.trim();
    const depth = Math.floor(from / 4);
    if (found.not !== undefined && !DIRECTIVE.test(name)) fail(name, depth, number);
    else if (depth < failedAt) failedAt = -1;
    return true;
  };
  const subtest = (name: string, depth: number) => {
    if (depth > MOST_DEPTH) return;
    path.length = Math.min(path.length, depth);
    path[depth] = name;
    if (depth === 0) failedAt = -1;
  };
  const comment = (text: string, from: number, number: number) => {
    entry = null;
    if (text.startsWith(SUBTEST, from)) subtest(text.slice(from + SUBTEST.length), Math.floor(from / 4));
    else if (from === 0) crashes.line(text.slice(2), number);
  };
  const other = (text: string) => {
    if (PLAN.test(text) || text.startsWith('TAP version ')) isTap = true;
    if (entry?.said.isBelow(text) === false) entry = null;
    entry?.said.line(text);
  };
  return {
    line(text, number) {
      const from = indentOf(text);
      if (text.startsWith('#', from)) comment(text, from, number);
      else if (!point(text, from, number)) other(text);
    },
    end: () => (isTap ? tell(entries) : []),
  };
}

function tell(entries: readonly Entry[]) {
  const findings = collectFindings();
  const own = entries.filter(({ said }) => !said.isOfOthers());
  for (const { name, line, said, crash } of own.length > 0 ? own : entries) {
    const message = said.message();
    const told = message === 'test failed' ? crash : null;
    findings.add({
      kind: 'test',
      name,
      message: told === null ? message : `${told.name}\n${told.message}`,
      place: told?.place ?? said.place(),
      line,
    });
  }
  return findings.all();
}
