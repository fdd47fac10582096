import type { Finding } from '../finding.ts';
import { readPlacedLine } from '../placed-line.ts';

type Told = Pick<Finding, 'level' | 'name' | 'place'>;

/** `/workspace/source/src/order.js: line 3, col 7, Error - 'rate' is never reassigned. (prefer-const)` */
const COMPACT =
  /^(?<path>[^\s:][^:]{0,1000}|[A-Za-z]:[^:]{1,1000}): line (?<line>\d{1,7}), col (?<column>\d{1,6}), (?<level>Error|Warning) - (?<text>.{1,4000})$/;
/** `… [Error/prefer-const]` */
const UNIX = / \[(?<level>Error|Warning)(?:\/(?<rule>[^\]\s]{1,200}))?\]$/;
const RULE = / \((?<rule>[\w@/.-]{1,200})\)$/;

/**
 * Reads a line of the unix or compact format, which name the file in each line.
 *
 * @see https://github.com/fregante/eslint-formatters
 */
export function readEslintLine(line: string): Told | null {
  if (line.endsWith(']')) return readUnix(line);
  return line.includes(', col ') ? readCompact(line) : null;
}

function readUnix(line: string): Told | null {
  const end = UNIX.exec(line.slice(-250));
  if (end?.groups === undefined) return null;
  const placed = readPlacedLine(line.slice(0, -end[0].length));
  if (placed === null) return null;
  return {
    level: levelOf(end.groups.level),
    name: nameOf(placed.text, end.groups.rule),
    place: placed.place,
  };
}

function readCompact(line: string): Told | null {
  const found = COMPACT.exec(line)?.groups;
  if (found?.path === undefined || found.text === undefined) return null;
  const end = RULE.exec(found.text.slice(-250));
  const text = end === null ? found.text : found.text.slice(0, -end[0].length);
  const place = { path: found.path, line: Number(found.line), column: Number(found.column) };
  return { level: levelOf(found.level), name: nameOf(text, end?.groups?.rule), place };
}

function levelOf(level: string | undefined): Finding['level'] {
  return level === 'Warning' ? 'warning' : 'failure';
}

/** Those formats add a full stop. */
function nameOf(text: string, rule: string | undefined): string {
  const said = text.replace(/\.$/, '');
  return rule === undefined ? said : `${rule}: ${said}`;
}
