import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { createPytestEntry, type PytestEntry } from './pytest-entry.ts';
import { createPytestSummary } from './pytest-summary.ts';

/** `=========== FAILURES ===========`, as wide as the terminal; `FAILURES` may be any section's title. */
const SECTION = /^={2,300} (?<title>.{1,300}?) ={2,300}$/;
/** `______ TestOrder.test_total ______`, as wide as its section's line, or wider where the name is. */
const HEADING = /^_{1,300} (?<name>.{1,2000}) _{1,300}$/;
/** Below `--tb=line`: `/workspace/source/tests/test_order.py:13: AssertionError: two lines`. */
const BRIEF = /^(?<path>[^\s:]{1,1000}):(?<line>\d{1,7}): (?<text>.{1,4000})$/;
/** What it says when it cannot begin, or what plugins say in the end. */
const WORDS =
  /^(?:ERROR: (?:file or directory not found|not found|found no collectors|Wrong expression|.{1,300}: error: )|FAIL Required test coverage|\S{1,100}: error: unrecognized arguments|INTERNALERROR> [A-Za-z.]{1,100}(?:Error|Exception)\b|!{2,300} _pytest\.outcomes\.Exit: )/;
/** Sections that may be the first one. */
const KNOWN = /^(?:ERRORS|FAILURES|short test summary info|warnings summary|PASSES)/;
const NOTHING = /^=* ?(?:no tests ran|\d{1,7} deselected) in /;
const MOST_ENTRIES = 1000;

/** @see https://docs.pytest.org/en/stable/how-to/output.html */
export const pytest: FailureParser = {
  name: 'pytest',
  commands: /\b(?:pytest|py\.test|tox|nox)\b/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  const summary = createPytestSummary();
  const entries: PytestEntry[] = [];
  let section = '';
  let width = 0;
  let entry: PytestEntry | null = null;
  let nothing: { readonly name: string; readonly line: number } | null = null;

  const open = (heading: string, number: number) => {
    entry = createPytestEntry(heading, number);
    if (entries.length < MOST_ENTRIES) entries.push(entry);
  };
  const turn = (text: string, number: number): boolean => {
    const title = SECTION.exec(text)?.groups?.title;
    // What a test printed may look like a section, but is seldom as wide.
    if (title === undefined) return false;
    if (title === 'test session starts' || (width === 0 && KNOWN.test(title))) width = text.length;
    if (text.length !== width) return false;
    section = title;
    entry = null;
    if (NOTHING.test(text)) nothing = { name: title, line: number };
    return true;
  };
  const isHeading = (text: string): boolean =>
    text.startsWith('_') && text.length >= width - 1 && !text.startsWith('_ _');
  const report = (text: string, number: number) => {
    const heading = isHeading(text) ? HEADING.exec(text)?.groups?.name : undefined;
    if (heading !== undefined) open(heading, number);
    else if (entry !== null) entry.line(text);
    else if (section === 'FAILURES') brief(text);
  };
  const brief = (text: string) => {
    const found = BRIEF.exec(text)?.groups;
    if (found?.path !== undefined) summary.brief({ path: found.path, line: Number(found.line) });
  };
  const other = (text: string, number: number) => {
    if (WORDS.test(text)) {
      findings.add({
        kind: 'command',
        name: text.replace(/^(?:ERROR:|FAIL|INTERNALERROR>|!{2,300}) | !{2,300}$/g, ''),
        place: null,
        line: number,
      });
    } else if (text.startsWith('ImportError while loading conftest ')) {
      section = 'ERRORS';
      open(text, number);
    } else if (NOTHING.test(text)) nothing = { name: text, line: number };
  };
  return {
    line(text, number) {
      if (text.startsWith('=') && turn(text, number)) return;
      if (section === 'FAILURES' || section === 'ERRORS') report(text, number);
      else if (section === 'short test summary info') summary.line(text, number);
      if (entry === null) other(text, number);
    },
    end() {
      for (const one of summary.join(entries)) findings.add(one);
      if (findings.count === 0 && nothing !== null) {
        findings.add({ kind: 'command', place: null, ...nothing });
      }
      return findings.all().toSorted((one, next) => one.line - next.line);
    },
  };
}
