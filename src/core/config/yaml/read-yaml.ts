import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml';
import { type Positions, quoted, type Refusal } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import type { Problem } from '../problem.ts';
import { buildTree } from './build-tree.ts';
import { scanTokens } from './scan-tokens.ts';
import { explainSyntax } from './syntax-problems.ts';
import type { Span, YamlNode } from './yaml-node.ts';

export type YamlFile =
  | {
      readonly ok: true;
      /** Undefined for a file without anything but comments. */
      readonly root: YamlNode | undefined;
      readonly positions: Positions;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What to do about a file that is refused as a whole, which depends on what the file is for. */
export interface FileAdvice {
  readonly tooLarge: string;
  readonly severalDocuments: string;
}

/**
 * Reads one YAML document that a person wrote, keeping the place of everything. Scalars stay text, whatever YAML would
 * make of them (`1.20`, `on`, `no`); what they mean is the schema's to say. A byte order mark and CRLF are fine.
 */
export function readYaml(source: string, advice: FileAdvice): YamlFile {
  const text = source.replace(/^\uFEFF/, '');
  const positions = positionsIn(text);
  const fail = (problems: readonly (Refusal & { span: Span })[]): YamlFile => ({
    ok: false,
    problems: problems.map(({ span, ...refusal }) => ({ ...refusal, ...positions(span), path: '' })),
  });
  const unreadable = unreadableText(text, advice);
  if (unreadable !== undefined) return fail([unreadable]);
  const tokens = [...new Parser().parse(text)];
  const scan = scanTokens(tokens);
  if (scan.tooDeep !== undefined) return fail([tooDeep(scan.tooDeep)]);
  const documents = [
    ...new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false }).compose(
      tokens,
      true,
      text.length,
    ),
  ];
  const syntax = [...explainSyntax(documents, scan.unclosed, text), ...scan.tags.map(refuseTag)];
  if (syntax.length > 0) return fail(syntax);
  const [document, second] = documents;
  if (second !== undefined) return fail([severalDocuments(second, advice)]);
  const contents = document?.contents ?? undefined;
  if (contents === undefined) return { ok: true, root: undefined, positions };
  const { root, problems } = buildTree(contents, text);
  return problems.length > 0 ? fail(problems) : { ok: true, root, positions };
}

function unreadableText(text: string, advice: FileAdvice): (Refusal & { span: Span }) | undefined {
  if (text.length > LIMITS.fileBytes || new TextEncoder().encode(text).length > LIMITS.fileBytes) {
    const message = `The file is larger than ${LIMITS.fileBytes / 1024} KiB`;
    return { code: 'file-too-large', message, instead: advice.tooLarge, span: { start: 0, end: 0 } };
  }
  // Control characters but tab and line ends, halves of surrogate pairs, non-characters, and what stands for undecodable bytes.
  const start = text.search(/(?![\t\n\r\u0085])[\p{Cc}\p{Cs}\uFFFD\uFFFE\uFFFF]/u);
  if (start === -1) return undefined;
  const code = text.charCodeAt(start).toString(16).toUpperCase().padStart(4, '0');
  const message = `The character U+${code} cannot be in a YAML file`;
  const instead = 'save the file as UTF-8 text without it';
  return { code: 'bad-character', message, instead, span: { start, end: start + 1 } };
}

function tooDeep(start: number): Refusal & { span: Span } {
  const message = `Lists and maps are nested more than ${LIMITS.depth} deep`;
  return { code: 'too-deep', message, span: { start, end: start + 1 } };
}

function refuseTag({ offset, source }: CST.SourceToken): Refusal & { span: Span } {
  const message = `YAML tags such as ${quoted(source)} are not used here`;
  const span = { start: offset, end: offset + source.length };
  return { code: 'yaml-tag', message, instead: 'write the value alone', span };
}

function severalDocuments(second: Document, advice: FileAdvice): Refusal & { span: Span } {
  const start = second.range?.[0] ?? 0;
  return {
    code: 'several-documents',
    message: 'The file holds several YAML documents',
    instead: advice.severalDocuments,
    span: { start, end: start + 3 },
  };
}

/** The parser could count lines too, but skips those that it cannot make sense of. */
function positionsIn(text: string): Positions {
  const lines = new LineCounter();
  for (let start = 0; start !== -1; start = text.indexOf('\n', start) + 1 || -1) lines.addNewLine(start);
  return ({ start, end }) => {
    const from = lines.linePos(Math.min(start, text.length));
    const to = lines.linePos(Math.min(Math.max(start, end), text.length));
    return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
}
