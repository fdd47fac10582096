import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { createPythonTraceback, type PythonTraceback } from './python-traceback.ts';

/** `FAIL: test_total (tests.test_order.OrderTest.test_total) (number=1)`; before 3.11 without the method in the brackets. */
const HEADING =
  /^(?<what>FAIL|ERROR|UNEXPECTED SUCCESS): (?<method>[^\s(]{1,500}) \((?<of>[^\s()]{1,1000})\)(?: (?<sub>[[(].{1,500}))?$/;
const DOUBLE = '='.repeat(70);
const SINGLE = '-'.repeat(70);

interface Entry {
  readonly name: string;
  readonly what: string;
  readonly line: number;
  readonly traceback: PythonTraceback;
  /** Below the line of hyphens; above it may be the test's docstring. */
  isTold: boolean;
}

/**
 * Python's own test runner, and Django's, which prints the same.
 *
 * @see https://docs.python.org/3/library/unittest.html#command-line-interface
 */
export const unittest: FailureParser = {
  name: 'unittest',
  commands: /\bunittest\b|\bmanage\.py test\b|\bpython[\d.]{0,5} (?:-\S{1,20} ){0,3}\S{0,200}test\S{0,200}/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  let entry: Entry | null = null;
  let isHeading = false;

  const close = () => {
    if (entry !== null) {
      const { name, what, line, traceback } = entry;
      const message = what === 'UNEXPECTED SUCCESS' ? 'unexpected success' : traceback.message();
      findings.add({ kind: 'test', name, message, place: traceback.place(), line });
    }
    entry = null;
  };
  const open = (text: string, line: number) => {
    const found = HEADING.exec(text)?.groups;
    if (found?.what === undefined) return;
    entry = {
      name: nameOf(found),
      what: found.what,
      line,
      traceback: createPythonTraceback(),
      isTold: false,
    };
  };
  const below = (into: Entry, text: string) => {
    if (text !== SINGLE) {
      if (into.isTold) into.traceback.line(text);
    } else if (into.isTold || into.what === 'UNEXPECTED SUCCESS') close();
    else into.isTold = true;
  };
  return {
    line(text, number) {
      if (text === DOUBLE) close();
      else if (isHeading) open(text, number);
      else if (entry !== null) below(entry, text);
      isHeading = text === DOUBLE;
    },
    end() {
      close();
      return findings.all();
    },
  };
}

/** `tests.test_order.OrderTest.test_total (number=1)`; a module that cannot be loaded is told as a test of the loader. */
function nameOf({ method = '', of = '', sub }: Readonly<Record<string, string | undefined>>): string {
  if (of.startsWith('unittest.loader._FailedTest')) return method;
  const path = of.endsWith(`.${method}`) ? of : `${of}.${method}`;
  return `${path}${sub === undefined ? '' : ` ${sub}`}`;
}
