import { cutBytes } from './cut-bytes.ts';
import type { Finding, Place } from './failures/finding.ts';
import type { StepFailure } from './failures/read-failure.ts';
import { code, fenced, fold, plain } from './markdown.ts';

/** Bytes of UTF-8 that each part may take, so that none of them is ever cut in its middle. */
const MESSAGE_LIMIT = 8_000;
const LINES_LIMIT = 12_000;
const OTHERS_LIMIT = 8_000;

/** Failures that are told beside the first. */
const MOST_OTHERS = 20;

/** What failed, in a few words for the check's title: `TestRouter (+2)`; null where no tool's words were understood. */
export function failureName({ findings }: StepFailure): string | null {
  const [first, ...others] = failuresOf(findings);
  if (first === undefined) return null;
  return others.length === 0 ? first.name : `${first.name} (+${others.length})`;
}

/** The first failure in full, the others by their names, and the last lines of the log: unfolded where nothing else is known. */
export function failureCard({ findings, lines, problems = [] }: StepFailure): string {
  const [first, ...others] = failuresOf(findings);
  const log = lines.length === 0 ? '' : fenced(cutBytes(lines.join('\n'), LINES_LIMIT));
  const unread = problemsList(problems);
  if (first === undefined) return [unread, log].filter((part) => part !== '').join('\n\n');
  const parts = [
    heading(first),
    first.message === '' ? '' : fenced(cutBytes(first.message, MESSAGE_LIMIT)),
    othersList(others),
    unread,
    log === '' ? '' : fold('Last lines of the log', log),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Warnings are no reason why a step failed, unless nothing else is told. */
export function failuresOf(findings: readonly Finding[]): readonly Finding[] {
  const failures = findings.filter(({ level }) => level === 'failure');
  return failures.length > 0 ? failures : findings;
}

function heading({ name, place }: Finding): string {
  return place === null ? `**${plain(name)}**` : `**${plain(name)}** at ${code(placeText(place))}`;
}

/** Where steps have the repository, whoever executes them; a tool that writes whole paths begins with it. */
const CHECKOUT = /^.*\/source\/checkout\//;

/** `src/router.ts:12:3` */
export function placeText({ path, line, column }: Place): string {
  const below = path.replace(CHECKOUT, '');
  return column === undefined ? `${below}:${line}` : `${below}:${line}:${column}`;
}

function othersList(others: readonly Finding[]): string {
  if (others.length === 0) return '';
  const rows = others.slice(0, MOST_OTHERS).map(({ name, place }) => {
    return place === null ? `- ${plain(name)}` : `- ${plain(name)} at ${code(placeText(place))}`;
  });
  const rest = others.length - MOST_OTHERS;
  const list = fitLines(rest > 0 ? [...rows, `- and ${rest} more`] : rows, OTHERS_LIMIT);
  return fold(others.length === 1 ? '1 more failure' : `${others.length} more failures`, list);
}

/** Reports that cannot be read hide nothing, but their authors believe that they are read. */
function problemsList(problems: readonly string[]): string {
  const rows = problems.slice(0, MOST_OTHERS).map((problem) => `- ${plain(problem)}`);
  return rows.length === 0 ? '' : `Test reports that cannot be read:\n\n${fitLines(rows, OTHERS_LIMIT)}`;
}

/** Whole lines only: a line that is cut in its middle may leave its code open. */
function fitLines(lines: readonly string[], limit: number): string {
  const encoder = new TextEncoder();
  let room = limit;
  const fits = lines.findIndex((line) => {
    room -= encoder.encode(line).length + 1;
    return room < 0;
  });
  return (fits === -1 ? lines : lines.slice(0, fits)).join('\n');
}
