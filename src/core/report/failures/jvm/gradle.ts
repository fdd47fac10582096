import { collectFindings, type OpenFinding } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { explainGradleFailure } from './gradle-failure.ts';
import { isJavaFrame, isOwnFrame, placeOfFrame, readJavaFrame } from './java-frames.ts';

/** Below `* What went wrong:`. */
const MOST_LINES = 60;
const MOST_CHARACTERS = 800;

/** `AppTest > adds() FAILED`, with a task's name before it where several run. */
const FAILED = /^(?!> Task )(?<name>\S.{0,700}? > .{1,700}) FAILED$/;
/** `java.lang.AssertionError at AppTest.java:9`: without a message, unless the build asks for more. */
const SHORT = /^(?<what>.{1,400}) at (?<file>[\w$-]{1,200}\.(?:java|kt|groovy|scala)):(?<line>\d{1,6})$/;
const WHERE = /^(?:Build|Settings|Script) file '(?<path>[^']{1,400})' line: (?<line>\d{1,6})$/;

/**
 * Tests that Gradle runs, and what stops its builds. That a compiler or a test failed it only repeats.
 *
 * @see https://docs.gradle.org/current/userguide/java_testing.html
 */
export const gradle: FailureParser = { name: 'gradle', commands: /\bgradlew?\b/, start };

function start(): Reading {
  const findings = collectFindings();
  let test: { readonly className: string; readonly finding: OpenFinding } | null = null;
  let failure: { readonly line: number; readonly lines: string[] } | null = null;
  let where: { readonly path: string; readonly line: number } | null = null;
  const endFailure = () => {
    for (const told of failure === null ? [] : explainGradleFailure(failure.lines))
      findings.add({ ...told, place: where, line: failure?.line ?? 1 });
    failure = null;
    where = null;
  };
  const ofTest = (text: string, className: string, finding: OpenFinding) => {
    const said = text.trim();
    const short = SHORT.exec(said)?.groups;
    const frame = readJavaFrame(text);
    if (short?.file !== undefined) finding.at(placeOfShort(className, short.file, Number(short.line)));
    if (frame !== null && isOwnFrame(frame)) finding.at(placeOfFrame(frame));
    if (!isJavaFrame(text)) finding.say(short?.what ?? said);
  };
  const begin = (text: string, line: number) => {
    const name = FAILED.exec(text)?.groups?.name;
    test = null;
    if (name === undefined) return;
    const [className = ''] = name.split(' > ');
    test = { className, finding: findings.add({ kind: 'test', name, place: null, line }) };
  };
  const ofFailure = (text: string, lines: string[]) => {
    if (text.startsWith('* ')) endFailure();
    else if (lines.length < MOST_LINES) lines.push(text);
  };
  const other = (text: string, line: number) => {
    if (text.endsWith(' FAILED') && text.length < 2 * MOST_CHARACTERS) begin(text, line);
    else if (text === '* What went wrong:') failure = { line: line + 1, lines: [] };
    else if (text.includes(" file '")) where = readWhere(text) ?? where;
    else if (text !== '') test = null;
  };
  return {
    line(text, line) {
      if (failure !== null) ofFailure(text, failure.lines);
      else if (test !== null && text.startsWith('    ')) ofTest(text, test.className, test.finding);
      else other(text, line);
    },
    end() {
      endFailure();
      return findings.all();
    },
  };
}

function readWhere(text: string): { readonly path: string; readonly line: number } | null {
  const found = WHERE.exec(text)?.groups;
  return found?.path === undefined ? null : { path: found.path, line: Number(found.line) };
}

/** The package is known only where Gradle tells the class with it. */
function placeOfShort(className: string, file: string, line: number) {
  const isNamed = className.includes('.') && !className.includes(' ');
  return placeOfFrame({ className: isNamed ? className : '', file, line });
}
