import { collectFindings, type OpenFinding } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Place } from '../finding.ts';
import { readPlacedLine } from '../placed-line.ts';

/** `F401 [*] ``os`` imported but unused`, `invalid-syntax: Expected …`, before 0.9 `SyntaxError: …` */
const RULE =
  /^(?:(?<code>[A-Z]{1,6}\d{2,4}) (?:\[\*\] )?|(?<syntax>invalid-syntax|SyntaxError): )(?<text>.{1,4000})$/;
const ARROW = /^ {0,10}--> (?<path>.{1,1000}):(?<line>\d{1,7}):(?<column>\d{1,6})$/;
/** Of the grouped format, below `input.py:`. */
const GROUPED = /^ {2,8}(?<line>\d{1,7}):(?<column>\d{1,6}) {1,8}(?<rule>\S.{0,4000})$/;
const CODE = /^ {0,10}\d{1,7} \| /;
const CARET = /^ {0,10}\| {1,1000}\^/;
const REFORMAT = 'Would reformat: ';

/**
 * Ruff's linter in its full, concise and grouped formats, and `ruff format --check`.
 *
 * @see https://docs.astral.sh/ruff/settings/#output-format
 */
export const ruff: FailureParser = {
  name: 'ruff',
  commands: /\bruff\b/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  let open: OpenFinding | null = null;
  /** A rule whose place is in the next line. */
  let rule: { readonly name: string; readonly line: number } | null = null;
  let path: string | null = null;
  let code = '';
  let causes: string[] | null = null;
  let causedAt = 0;

  const add = (name: string, place: Place, line: number) => {
    open = findings.add({ kind: 'lint', name, place, line });
    rule = null;
  };
  const more = (text: string) => {
    if (CODE.test(text)) code = text.trim();
    else if (CARET.test(text) && code !== '') {
      open?.say(`> ${code}`);
      code = '';
    } else if (/^ {0,10}(?:= )?help: /.test(text)) {
      open?.say(text.trim().replace(/^= /, ''));
      open = null;
    }
  };
  const group = (of: string, text: string, number: number): boolean => {
    const found = GROUPED.exec(text)?.groups;
    const name = found?.rule === undefined ? null : nameOf(found.rule);
    if (found === undefined || name === null) return false;
    add(name, { path: of, line: Number(found.line), column: Number(found.column) }, number);
    return true;
  };
  const indented = (text: string, number: number) => {
    const arrow = rule === null ? undefined : ARROW.exec(text)?.groups;
    if (rule !== null && arrow?.path !== undefined) {
      add(rule.name, { path: arrow.path, line: Number(arrow.line), column: Number(arrow.column) }, rule.line);
    } else if (path === null || !group(path, text, number)) more(text);
  };
  const begin = (text: string, number: number) => {
    const name = nameOf(text);
    rule = name === null ? null : { name, line: number };
    path = /^[^\s:][^:]{0,1000}:$/.test(text) ? text.slice(0, -1) : null;
    if (text === 'ruff failed') {
      causes = [];
      causedAt = number;
    } else if (text.startsWith(REFORMAT)) {
      findings.add({
        kind: 'lint',
        name: text,
        place: { path: text.slice(REFORMAT.length), line: 1 },
        line: number,
      });
    } else placed(text, number);
  };
  const placed = (text: string, number: number) => {
    const found = text.includes(': ') ? readPlacedLine(text) : null;
    const name = found === null ? null : nameOf(found.text);
    if (found !== null && name !== null) add(name, found.place, number);
    else if (text.startsWith('help: ')) more(text);
  };
  return {
    line(text, number) {
      if (causes !== null && text !== '' && !text.startsWith('tekton-ci: ')) causes.push(text);
      else if (/^[ \d]/.test(text)) indented(text, number);
      else if (text !== '') begin(text, number);
    },
    end() {
      const [first = '', ...rest] = (causes ?? []).map((cause) => cause.replace(/^ {2}Cause: /, ''));
      if (first !== '')
        findings.add({ kind: 'command', name: first, message: rest.join('\n'), place: null, line: causedAt });
      return findings.all();
    },
  };
}

/** Null when the text is no rule's. */
function nameOf(text: string): string | null {
  const found = RULE.exec(text)?.groups;
  return found === undefined ? null : `${found.code ?? found.syntax}: ${found.text}`;
}
