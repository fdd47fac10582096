import { Composer, type Document, LineCounter, Parser } from 'yaml';
import type { Positions, Refusal } from '../finding.ts';
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

/**
 * Reads one YAML document that a person wrote, keeping the place of everything. Scalars stay text, whatever YAML would
 * make of them (`1.20`, `on`, `no`); what they mean is the schema's to say. A byte order mark and CRLF are fine.
 */
export function readYaml(source: string): YamlFile {
  const text = source.replace(/^\uFEFF/, '');
  const unreadable = unreadableText(text);
  const lines = new LineCounter();
  const positions: Positions = (span) => positionsOf(lines, span);
  if (unreadable !== undefined) {
    for (let at = 0; at !== -1; at = text.indexOf('\n', at) + 1 || -1) lines.addNewLine(at);
    return { ok: false, problems: [{ ...unreadable.refusal, ...positions(unreadable.span), path: '' }] };
  }

  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const fail = (problems: readonly (Refusal & { span: Span })[]): YamlFile => ({
    ok: false,
    problems: problems.map(({ span, ...refusal }) => ({ ...refusal, ...positions(span), path: '' })),
  });
  const scan = scanTokens(tokens);
  if (scan.tooDeep !== undefined) return fail([tooDeep(scan.tooDeep)]);
  const documents = [
    ...new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false }).compose(tokens),
  ];
  const syntax = explainSyntax(documents, scan.unclosed, text);
  if (syntax.length > 0) return fail(syntax);
  const [document, second] = documents;
  if (second !== undefined) return fail([severalDocuments(second)]);
  if (document?.contents === undefined || document.contents === null)
    return { ok: true, root: undefined, positions };
  const { root, problems } = buildTree(document.contents, text);
  return problems.length > 0 ? fail(problems) : { ok: true, root, positions };
}

function unreadableText(text: string): { refusal: Refusal; span: Span } | undefined {
  if (text.length > LIMITS.fileBytes || new TextEncoder().encode(text).length > LIMITS.fileBytes) {
    const message = `The file is larger than ${LIMITS.fileBytes / 1024} KiB`;
    const instead = 'move long scripts to files of their own and run those';
    return { refusal: { code: 'file-too-large', message, instead }, span: { start: 0, end: 0 } };
  }
  // Control characters but tab and line ends, non-characters, halves of surrogate pairs, and what stands for undecodable bytes.
  const start = text.search(/(?![\t\n\r\u0085])[\p{Cc}\p{Cs}\uFFFD\uFFFE\uFFFF]/u);
  if (start === -1) return undefined;
  const code = text.charCodeAt(start).toString(16).toUpperCase().padStart(4, '0');
  const message = `The character U+${code} cannot be in a YAML file`;
  const refusal = { code: 'bad-character', message, instead: 'save the file as UTF-8 text without it' };
  return { refusal, span: { start, end: start + 1 } };
}

function tooDeep(start: number): Refusal & { span: Span } {
  const message = `Lists and maps are nested more than ${LIMITS.depth} deep`;
  return { code: 'too-deep', message, span: { start, end: start + 1 } };
}

function severalDocuments(second: Document): Refusal & { span: Span } {
  const start = second.range?.[0] ?? 0;
  return {
    code: 'several-documents',
    message: 'The file holds several YAML documents',
    instead: 'remove the `---` and what follows it; several projects go under `projects:`',
    span: { start, end: start + 3 },
  };
}

function positionsOf(lines: LineCounter, { start, end }: Span): ReturnType<Positions> {
  const from = lines.linePos(start);
  const to = lines.linePos(end);
  return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
}
