import { collectFindings, type Findings, type OpenFinding } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Finding } from '../finding.ts';
import { placeOfFrame } from './java-frames.ts';
import { readMavenCompile, readMavenEnd, readPomError } from './maven-errors.ts';
import {
  readFailedClass,
  readFailedTest,
  readTestSummary,
  type TestSummary,
  tellOfTest,
} from './maven-tests.ts';

const MOST_KEYS = 1000;

const LEVEL = /^\[(?<level>ERROR|FATAL|WARNING|INFO)\] ?(?<text>.*)$/;
/** `  symbol:   variable a`: of what a compiler has told just now. */
const DETAIL = /^ *(?:symbol|location|required|found|reason) *: /;
const PROJECT = /^ *The project \S{0,400} \((?<pom>[^()]{1,400})\) has \d{1,6} errors?/;

/**
 * What Maven says of compilers, of tests (Surefire, Failsafe), of dependencies and of the project.
 *
 * @see https://maven.apache.org/surefire/maven-surefire-plugin/
 */
export const maven: FailureParser = { name: 'maven', commands: /\bmvnw?\b/, start };

function start(): Reading {
  const findings = collectFindings();
  const log = createMavenLog(findings);
  return {
    line(text, line) {
      const logged = text.startsWith('[') ? LEVEL.exec(text)?.groups : undefined;
      if (logged?.text === undefined) log.plain(text, line);
      else if (logged.level === 'INFO') log.info();
      else log.error(logged.text, { line, level: logged.level === 'WARNING' ? 'warning' : 'failure' });
    },
    end() {
      log.end();
      return findings.all();
    },
  };
}

interface Told {
  readonly line: number;
  readonly level: Finding['level'];
}

function createMavenLog(findings: Findings) {
  const seen = new Set<string>();
  let className = '';
  let pom: string | null = null;
  let test: OpenFinding | null = null;
  let compile: OpenFinding | null = null;
  let isTold = false;
  const ended: (Omit<Finding, 'level'> & { level?: never })[] = [];
  const summary: (TestSummary & { readonly line: number })[] = [];
  const add = (finding: Omit<Finding, 'line' | 'level'>, told: Told): OpenFinding | null => {
    const key = JSON.stringify([finding.name, finding.place]);
    if (seen.has(key) || seen.size >= MOST_KEYS) return null;
    seen.add(key);
    isTold ||= told.level === 'failure';
    return findings.add({ ...finding, ...told });
  };
  const beginTest = (text: string, line: number): boolean => {
    className = readFailedClass(text) ?? className;
    const name = readFailedTest(text, className);
    if (name === null) return false;
    isTold = true;
    test = findings.add({ kind: 'test', name, place: null, line });
    return true;
  };
  const ofBuild = (text: string, line: number) => {
    pom = PROJECT.exec(text)?.groups?.pom ?? pom;
    const told = readPomError(text, pom);
    if (told !== null) add(told, { line, level: 'failure' });
    const tested = readTestSummary(text);
    if (tested !== null) summary.push({ ...tested, line });
    const end = told === null ? readMavenEnd(text) : null;
    if (end !== null) ended.push({ ...end, line });
  };
  return {
    plain(text: string, line: number) {
      if (text.includes(' <<< ') && beginTest(text, line)) return;
      if (compile !== null && DETAIL.test(text)) compile.say(text.trim());
      else if (test !== null && text === '') test = null;
      else if (test !== null) tellOfTest(test, text);
    },
    info() {
      test = null;
      compile = null;
    },
    error(text: string, told: Told) {
      if (beginTest(text, told.line)) return;
      test = null;
      const error = readMavenCompile(text);
      if (error !== null) compile = add(error, told);
      else if (compile !== null && DETAIL.test(text)) compile.say(text.trim());
      else if (told.level === 'failure') ofBuild(text, told.line);
    },
    /** What is told in the end counts where nothing told more. */
    end() {
      if (isTold) return;
      for (const { name, text, frame, line } of summary)
        add(
          { kind: 'test', name, message: text, place: frame && placeOfFrame(frame) },
          { line, level: 'failure' },
        );
      if (isTold) return;
      for (const { line, ...one } of ended) add(one, { line, level: 'failure' });
    },
  };
}
