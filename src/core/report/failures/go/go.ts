import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { createGoBuilds } from './go-builds.ts';
import { readGoDownload } from './go-downloads.ts';
import { type GoEvent, readGoEvent } from './go-events.ts';
import { createGoPackage, type GoPackage } from './go-package.ts';

/** Packages whose tests run at once. */
const MOST_PACKAGES = 500;

/** `FAIL	example.com/shop/tax [build failed]`, `ok  	example.com/shop/cart	0.003s` */
const PACKAGE_END =
  /^(?<result>FAIL|ok {2}|\? {3})\t(?<name>[^\s]{1,500})(?:(?:\s|$)(?<how>\[build failed\]|\[setup failed\])?|$)/;
/** gotestsum's summary: `=== FAIL: router TestTable/empty (0.00s)`, of a package without a test's name. */
const SUMMED =
  /^=== FAIL: (?<name>\S{1,500}) (?<test>\S{0,1000})(?: \(re-run \d{1,3}\))? \(\d{1,9}\.\d{1,3}s\)$/;

/**
 * Tests, builds and vet, in text, in JSON, and as gotestsum shows it.
 *
 * @see https://pkg.go.dev/cmd/go#hdr-Test_packages
 * @see https://pkg.go.dev/cmd/test2json
 * @see https://github.com/gotestyourself/gotestsum#summary
 */
export const go: FailureParser = {
  name: 'go',
  commands: /\bgo\s+(?:build|generate|install|list|run|test|tool|vet)\b|\bgotestsum\b/,
  start,
};

function start(): Reading {
  let log = readGoLog();
  let before: ReturnType<typeof readGoLog> | null = null;
  return {
    line(text, number) {
      // gotestsum's summary repeats all that failed, in order and without the rest.
      if (before === null && (text === '=== Failed' || text === '=== Errors')) {
        before = log;
        log = readGoLog();
      }
      log.line(text, number);
    },
    end() {
      const findings = log.end();
      return findings.length > 0 || before === null ? findings : before.end();
    },
  };
}

function readGoLog(): Reading {
  const findings = collectFindings();
  const builds = createGoBuilds();
  const packages = new Map<string, GoPackage>();
  let current = '';
  let isTests = false;
  /** The package that could not be built, with the line that says so. */
  let unbuilt: { readonly name: string; readonly line: number } | null = null;
  let isExplained = false;
  let last = 0;

  const packageOf = (name: string): GoPackage => {
    const known = packages.get(name);
    if (known !== undefined) return known;
    const created = createGoPackage();
    if (packages.size < MOST_PACKAGES) packages.set(name, created);
    return created;
  };
  const endPackage = (of: string, name: string, isFailed: boolean) => {
    packageOf(of).end({ name, isFailed, line: last, areTests: isTests }, findings);
    packages.delete(of);
  };
  const isEnd = (of: string, text: string): boolean => {
    if (!text.startsWith('FAIL\t') && !text.startsWith('ok ') && !text.startsWith('? ')) return false;
    const found = PACKAGE_END.exec(text)?.groups;
    if (found?.name === undefined) return false;
    isTests = true;
    if (found.how !== undefined) unbuilt ??= { name: `${found.name} ${found.how}`, line: last };
    else if (found.result === 'FAIL') endPackage(of, found.name, true);
    else packages.delete(of);
    return true;
  };
  const isSummary = (text: string, number: number): boolean => {
    const isOver = text === '=== Errors' || /^DONE \d{1,9} tests?\b/.test(text);
    const found = SUMMED.exec(text)?.groups;
    if (!isOver && found?.name === undefined) return false;
    isTests = true;
    if (isOver) builds.expect();
    const next = found?.name ?? '';
    if (next !== current) endPackage(current, current, false);
    current = next;
    if (found?.test) packageOf(current).fail(found.test, number);
    return true;
  };
  const event = ({ of, test, output, isBuild }: GoEvent, number: number) => {
    if (output === null) return;
    if (isBuild) {
      builds.line(output, number);
      return;
    }
    isTests = true;
    if (isEnd(of, output)) return;
    if (test !== null) packageOf(of).turnTo(test);
    packageOf(of).line(output, number);
  };
  const plain = (text: string, number: number) => {
    if (isEnd(current, text)) return;
    if ((text.startsWith('=== ') || text.startsWith('DONE ')) && isSummary(text, number)) return;
    isExplained ||= readGoDownload(text) !== null;
    const isInTest = packages.get(current)?.isInTest === true;
    if (!isInTest && builds.line(text, number)) return;
    packageOf(current).line(text, number);
  };
  return {
    line(text, number) {
      last = number;
      const said = readGoEvent(text);
      if (said === null) plain(text, number);
      else event(said, number);
    },
    end() {
      for (const name of [...packages.keys()]) endPackage(name, name, false);
      // Where tests ran and all could be built, what looks like an error was printed by a test.
      if (!isTests || unbuilt !== null) builds.tell(findings, isTests);
      if (unbuilt !== null && findings.count === 0 && !isExplained) {
        findings.add({ kind: 'compile', ...unbuilt, place: null });
      }
      return findings.all();
    },
  };
}
