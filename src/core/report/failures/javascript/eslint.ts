import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Finding, Place } from '../finding.ts';
import { readEslintLine } from './eslint-lines.ts';
import { NPM_SCRIPTS } from './npm-scripts.ts';

/** `  3:7   error  'rate' is never reassigned. Use 'const' instead  prefer-const`, below the file's path. */
const PROBLEM =
  /^ {1,12}(?<line>\d{1,7}):(?<column>\d{1,6}) {1,12}(?<level>error|warning) {2,8}(?<text>\S.{0,4000})$/;
const SUMMARY = /^✖ \d{1,9} problems? \(/;
const OOPS = 'Oops! Something went wrong! :(';
const MOST_ADVICE = 40;
const MOST_PROBLEMS = 500;

/**
 * ESLint's stylish, unix and compact formats, and what it says when it cannot run.
 *
 * @see https://eslint.org/docs/latest/use/formatters/
 */
export const eslint: FailureParser = {
  name: 'eslint',
  commands: new RegExp(`\\beslint\\b|${NPM_SCRIPTS}`),
  start,
};

interface Problem {
  readonly level: Finding['level'];
  readonly name: string;
  readonly place: Place;
  readonly line: number;
}

function start(): Reading {
  const findings = collectFindings();
  /** Of the stylish format, until its summary tells that it was ESLint's. */
  let problems: Problem[] = [];
  let path: string | null = null;
  let before = '';
  /** What is said below «Oops!»; null when it was not said. */
  let oops: { readonly lines: string[]; readonly line: number } | null = null;

  const problem = (text: string, line: number): boolean => {
    if (path === null || !text.startsWith(' ')) return false;
    const found = PROBLEM.exec(text)?.groups;
    if (found?.text === undefined) return false;
    const place = { path, line: Number(found.line), column: Number(found.column) };
    const level = found.level === 'warning' ? 'warning' : 'failure';
    if (problems.length < MOST_PROBLEMS) problems.push({ level, name: nameOf(found.text), place, line });
    return true;
  };
  const summary = () => {
    for (const one of problems) findings.add({ kind: 'lint', ...one });
    problems = [];
    path = null;
  };
  const other = (text: string, line: number) => {
    if (text.startsWith('✖ ') && SUMMARY.test(text)) summary();
    else if (text.startsWith('ESLint found too many warnings')) {
      findings.add({ kind: 'lint', name: text, place: null, line });
    } else if (before === '' && isPath(text)) path = text;
    else {
      const found = readEslintLine(text);
      if (found !== null) findings.add({ kind: 'lint', ...found, line });
    }
  };
  const advise = ({ lines }: { readonly lines: string[] }, text: string) => {
    if (!text.startsWith('tekton-ci: ') && lines.length < MOST_ADVICE) lines.push(text);
  };
  return {
    line(text, number) {
      if (oops !== null) advise(oops, text);
      else if (text === OOPS) oops = { lines: [], line: number };
      else if (!problem(text, number)) other(text, number);
      before = text;
    },
    end() {
      if (oops !== null)
        findings.add({ kind: 'command', ...explain(oops.lines), place: null, line: oops.line });
      return findings.all();
    },
  };
}

/** A line of its own that can be a file's path; after it come its problems. */
function isPath(text: string): boolean {
  return (
    text.length < 1000 && /^(?:[A-Za-z]:\\|\.{0,2}\/|[\w@])/.test(text) && !/[:*?"<>|]/.test(text.slice(2))
  );
}

/** `no-undef: 'x' is not defined`: the rule is the last word after two blanks. */
function nameOf(text: string): string {
  const at = text.lastIndexOf('  ');
  const rule = at === -1 ? '' : text.slice(at + 2);
  if (!/^[@\w][\w@/.-]{0,200}$/.test(rule)) return text.trim();
  return `${rule}: ${text.slice(0, at).trim()}`;
}

/** Below the version is what went wrong, then advice. */
function explain(lines: readonly string[]): Pick<Finding, 'name' | 'message'> {
  const said = lines.filter((line) => line !== '' && !/^ESLint: \d/.test(line));
  const [name = OOPS, ...more] = said;
  return { name, message: more.filter((line) => !/^\s+at .*(?:node_modules|node:)/.test(line)).join('\n') };
}
