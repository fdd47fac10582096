import { collectFindings, type OpenFinding } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Finding } from '../finding.ts';
import { readPlacedLine } from '../placed-line.ts';

const MOST_KEYS = 1000;
/** The source's line, and what points at it. */
const EXCERPT = 2;

/** `Error return value of os.Open is not checked (errcheck)`; staticcheck alone writes `(SA4006)`. */
const ISSUE = / \([A-Za-z][\w-]{1,40}\)$/;
const SUMMARY = /^\d{1,9} issues[:.]$/;
/** `level=error msg="[linters_context] …"`, `Error: can't load config: …` */
const TOOL =
  /^(?:level=error msg="(?:\[[\w/]{1,40}\] )?(?<said>.{1,1000})"|Error: (?<error>can't load config.{1,1000}|unknown linters.{1,1000}|.{0,200}golangci.{1,500}))$/;

/** @see https://golangci-lint.run/docs/configuration/file/#output-configuration */
export const golangciLint: FailureParser = {
  name: 'golangci-lint',
  commands: /\bgolangci-lint\b|\bstaticcheck\b/,
  start,
};

type Issue = Pick<Finding, 'kind' | 'name' | 'place'>;

function start(): Reading {
  const findings = collectFindings();
  const seen = new Set<string>();
  let open: OpenFinding | null = null;
  let left = 0;
  const add = (text: string, line: number, found: Issue) => {
    open = null;
    if (seen.has(text) || seen.size >= MOST_KEYS) return;
    seen.add(text);
    open = findings.add({ ...found, line });
    left = found.kind === 'lint' && found.place !== null ? EXCERPT : 0;
  };
  const say = (text: string) => {
    if (SUMMARY.test(text)) left = 0;
    if (left > 0) open?.say(text);
    left -= 1;
  };
  return {
    line(text, number) {
      const found = readIssue(text) ?? readToolError(text);
      if (found === null) say(text);
      else add(text, number, found);
    },
    end: findings.all,
  };
}

function readIssue(text: string): Issue | null {
  if (!text.endsWith(')') || !text.includes('.go:')) return null;
  const placed = readPlacedLine(text);
  if (placed?.place.path.endsWith('.go') !== true || !ISSUE.test(placed.text)) return null;
  // What the compiler says, without the source's line.
  const kind = placed.text.endsWith(' (typecheck)') ? 'compile' : 'lint';
  return { kind, name: placed.text, place: placed.place };
}

function readToolError(text: string): Issue | null {
  if (!text.startsWith('level=error') && !text.startsWith('Error: ')) return null;
  const found = TOOL.exec(text)?.groups;
  const name = found?.said ?? found?.error;
  return name === undefined ? null : { kind: 'lint', name, place: null };
}
