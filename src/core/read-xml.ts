import { SaxesParser } from 'saxes';

/** Documents are anyone's. */
const MOST_DEPTH = 32;

/** What is written although XML has it not: control characters, and entities of the document's own. They stay as they are. */
const FORGIVEN =
  /(?:disallowed character|undefined entity|malformed character entity|is disallowed in char data)\.$/;
/** Each costs more than a line of what is allowed. */
const MOST_FORGIVEN = 1_000;

/** Why a document cannot be read, in a few words, and at which line. */
export class XmlError extends Error {
  override readonly name: string = 'XmlError';
}

export type XmlAttributes = Readonly<Record<string, string>>;

/** Told of a document from its beginning to its end. */
export interface XmlReader {
  /** `line` is where the element begins. */
  open(name: string, attributes: XmlAttributes, line: number): void;
  text(text: string): void;
  close(): void;
  /** It has a document type; absent: that is passed over. No entity that it declares is ever expanded. */
  doctype?(): void;
}

/** @throws {XmlError} when it is no XML, nested deeper than 32, or has more than a thousand characters that XML has not. */
export function readXml(xml: string, reader: XmlReader): void {
  const parser = new SaxesParser();
  let depth = 0;
  let line = 1;
  let forgiven = 0;
  parser.on('error', ({ message }) => {
    forgiven += 1;
    if (forgiven > MOST_FORGIVEN || !FORGIVEN.test(message))
      throw xmlError(parser.line, message.replace(/^\d+:\d+: /, ''));
  });
  parser.on('doctype', () => reader.doctype?.());
  parser.on('opentagstart', () => {
    line = parser.line;
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > MOST_DEPTH) throw xmlError(line, `elements are nested deeper than ${MOST_DEPTH}`);
    reader.open(name, attributes, line);
  });
  parser.on('closetag', () => {
    depth -= 1;
    reader.close();
  });
  parser.on('text', reader.text);
  parser.on('cdata', reader.text);
  parser.write(xml.replace(/^\uFEFF/, '')).close();
}

function xmlError(line: number, what: string): XmlError {
  return new XmlError(`line ${line}: ${what.slice(0, 200)}`);
}
