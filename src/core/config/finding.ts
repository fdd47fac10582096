import type { Position, Problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';
import { type Path, placeOf, type Span, type YamlNode } from './yaml/yaml-node.ts';

/** Something wrong at a place of the file that is known by its path; `toProblem` gives it a line and a column. */
export interface Finding extends Refusal {
  readonly path: Path;
  /** Whether the key or its value is to be looked at; the value by default. */
  readonly at?: 'key' | 'value';
}

/** Why a text cannot be taken. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly message: string;
  readonly expected?: string;
  readonly instead?: string;
}

/** The value that a text stands for, or why it stands for none. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** Line, column and their ends for a span of the text. */
export type Positions = (span: Span) => Position;

export function accept<T>(value: T): Reading<T> {
  return { ok: true, value };
}

export function refuse(
  code: ProblemCode,
  message: string,
  advice: Pick<Refusal, 'expected' | 'instead'> = {},
): Reading<never> {
  return { ok: false, refusal: { code, message, ...advice } };
}

/** `root` is undefined for a file that says nothing. */
export function toProblem(finding: Finding, root: YamlNode | undefined, positions: Positions): Problem {
  const { path, at, ...refusal } = finding;
  const span = root === undefined ? { start: 0, end: 0 } : placeOf(root, path, at ?? 'value');
  return { ...refusal, ...positions(span), path: formatPath(path) };
}

/** `projects.web.deploy[0].to` */
export function formatPath(path: Path): string {
  return path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`))
    .join('')
    .replace(/^\./, '');
}

/** A text of the file inside a message: on one line, not too long, and unable to end its own backquotes. */
export function quoted(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('`', "'")
    .trim();
  return `\`${line.length > 60 ? `${line.slice(0, 57)}…` : line}\``;
}
