import { createLineReader } from '../../log-lines.ts';
import { collectFindings } from '../collect-findings.ts';
import type { Finding } from '../finding.ts';
import { explainJunitCase, type JunitCase } from './junit-case.ts';
import { createJunitElements, type FailedTest } from './junit-elements.ts';
import { JunitReportError, readJunitXml } from './junit-xml.ts';

/** Characters of a line of a text that are kept. */
const LINE_LENGTH = 4000;
/** Of a test's subtests. */
const MOST_DEPTH = 32;

/**
 * The tests that failed, of a report in JUnit's form: of Surefire, Gradle, pytest, jest-junit, gotestsum, mocha, PHPUnit, vitest and
 * others. A finding's `line` is that of the report.
 *
 * @throws {JunitReportError} when it is no such report, is larger than 10 MB, is nested deeper than 32, or has a document type.
 * @see https://github.com/testmoapp/junitxml
 */
export function parseJunitReport(xml: string | Uint8Array): readonly Finding[] {
  const report = createJunitElements();
  readJunitXml(xml, report);
  if (!report.hasSuites()) throw new JunitReportError('no-report', 'the file has no test suites');
  const failed = report.failed.map(named);
  const parents = parentsOf(failed);
  const findings = collectFindings();
  for (const one of failed) {
    if (findings.isFull) break;
    if (parents.has(keyOf(one))) continue;
    findings.add({ kind: 'test', line: one.test.line, ...explainJunitCase(caseOf(one)) });
  }
  return findings.all();
}

interface Named {
  readonly test: FailedTest;
  readonly className: string;
  readonly name: string;
}

function named(test: FailedTest): Named {
  const { attributes } = test;
  const className = word(attributes.classname) || word(attributes.class);
  return { test, className, name: word(attributes.name) };
}

function caseOf({ test: { attributes, suite, failures }, className, name }: Named): JunitCase {
  const line = Number.parseInt(attributes.line ?? '', 10);
  return {
    suite: word(suite.name),
    className,
    name,
    file: word(attributes.file) || word(suite.file),
    line: line >= 1 ? line : null,
    failures: failures.map(({ message, text }) => ({ message: word(message), text: plain(text) })),
  };
}

function parentsOf(failed: readonly Named[]): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const { className, name } of failed)
    for (
      let at = name.indexOf('/'), left = MOST_DEPTH;
      at !== -1 && left > 0;
      at = name.indexOf('/', at + 1), left -= 1
    )
      parents.add(keyOf({ className, name: name.slice(0, at) }));
  return parents;
}

function keyOf({ className, name }: Pick<Named, 'className' | 'name'>): string {
  return JSON.stringify([className, name]);
}

/** An attribute's. */
function word(text: string | undefined): string {
  return plain(text ?? '').trim();
}

/** As a terminal shows it: tests print colours into reports too. */
function plain(text: string): string {
  const lines: string[] = [];
  const reader = createLineReader({ longest: LINE_LENGTH }, (line) => lines.push(line));
  // What XML cannot hold is written so, by pytest too.
  reader.push(text.replaceAll('#x1B[', '\u001B['));
  reader.end();
  return lines.join('\n');
}
