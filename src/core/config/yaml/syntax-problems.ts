import type { Document, YAMLParseError } from 'yaml';
import type { Refusal } from '../finding.ts';
import type { Span } from './yaml-node.ts';

export interface SyntaxProblem extends Refusal {
  readonly span: Span;
}

type Unclosed = readonly { readonly offset: number; readonly character: string }[];

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '[': ']', '{': '}' };

/** The `yaml` library's errors in a user's words; the first of each line, since the others follow from it. */
export function explainSyntax(
  documents: readonly Document[],
  unclosed: Unclosed,
  text: string,
): SyntaxProblem[] {
  const first = unclosed[0];
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  // What is never closed swallows the rest of the file: whatever else was found after it is a consequence.
  const before = errors.filter((error) => first === undefined || error.pos[0] < first.offset);
  const multiline = new Set(errors.filter(isMultilineKey).map((error) => error.pos[0]));
  const problems = before
    .filter((error) => error.code !== 'TAG_RESOLVE_FAILED') // told by the scan of the tokens, for every tag alike
    .map((error) => explain(error, multiline, text));
  return firstOfEachLine(first === undefined ? problems : [...problems, neverClosed(first)], text);
}

function explain(error: YAMLParseError, multiline: ReadonlySet<number>, text: string): SyntaxProblem {
  const span = { start: error.pos[0], end: Math.min(error.pos[1], text.length) };
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return {
        code: 'tab-indent',
        message: 'The line is indented with a tab',
        instead: 'indent with spaces',
        span,
      };
    case 'BAD_INDENT':
      return badIndent(span, text);
    case 'MULTILINE_IMPLICIT_KEY':
      return badIndent({ start: span.end - 1, end: span.end }, text);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return multiline.has(span.start) ? badIndent(lineAfter(span, text), text) : unquotedColon(span, text);
    case 'BAD_SCALAR_START':
      return unquoted(`A plain value cannot start with ${nameOf(text.charAt(span.start))}`, span, text);
    default:
      return { code: 'bad-yaml', message: `This is not YAML: ${sentence(error.message)}`, span };
  }
}

function isMultilineKey(error: YAMLParseError): boolean {
  return error.code === 'MULTILINE_IMPLICIT_KEY';
}

function neverClosed({ offset, character }: Unclosed[number]): SyntaxProblem {
  const isQuote = character === '"' || character === "'";
  return {
    code: isQuote ? 'unclosed-quote' : 'unclosed-bracket',
    message: `The ${character} opened here is never closed`,
    instead: `add the missing ${CLOSING[character] ?? character}`,
    span: { start: offset, end: offset + 1 },
  };
}

function badIndent({ start }: Span, text: string): SyntaxProblem {
  const line = lineOf(text, start);
  const words = line.end > line.start ? line : { start, end: start };
  return {
    code: 'bad-indent',
    message: 'The indentation does not fit the lines above',
    instead: 'indent keys of the same map, and items of the same list, by the same number of spaces',
    span: words,
  };
}

function unquotedColon(span: Span, text: string): SyntaxProblem {
  return unquoted('A plain value cannot contain a colon followed by a space', span, text);
}

function unquoted(message: string, { start }: Span, text: string): SyntaxProblem {
  const span = { start, end: lineOf(text, start).end };
  return { code: 'unquoted-text', message, instead: 'put the whole value in quotes', span };
}

function nameOf(character: string): string {
  return character === '`' ? 'a backquote' : `\`${character}\``;
}

function lineAfter({ start }: Span, text: string): Span {
  const next = text.indexOf('\n', start) + 1;
  return { start: next, end: next };
}

/** The words of the line at `offset`, without its indentation and trailing white space. */
function lineOf(text: string, offset: number): Span {
  const begin = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', Math.max(offset, begin));
  const line = text.slice(begin, next === -1 ? text.length : next);
  return { start: begin + (line.length - line.trimStart().length), end: begin + line.trimEnd().length };
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replaceAll('\n', ' ').replace(/\.$/, '');
}

function firstOfEachLine(problems: readonly SyntaxProblem[], text: string): SyntaxProblem[] {
  const seen = new Set<number>();
  return problems
    .toSorted((a, b) => a.span.start - b.span.start)
    .filter(({ span }) => {
      const line = lineOf(text, span.start).start;
      return !seen.has(line) && seen.add(line);
    });
}
