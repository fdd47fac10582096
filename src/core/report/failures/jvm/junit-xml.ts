import { SaxesParser } from 'saxes';

/** Reports are written by tests, which may be anyone's. */
const MOST_BYTES = 10_000_000;
const MOST_DEPTH = 32;

/** What test runners write although XML has it not: control characters, by themselves and by number, and entities of their own. They stay as they are. */
const FORGIVEN = /disallowed|undefined entity|malformed character entity/;

/** A report that cannot be read; the message says why, in a few words. */
export class JunitReportError extends Error {
  override readonly name: string = 'JunitReportError';
  readonly code: 'too-large' | 'has-doctype' | 'bad-xml' | 'no-report';

  constructor(code: JunitReportError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export type XmlAttributes = Readonly<Record<string, string>>;

/** Told of a document from its beginning to its end. */
export interface XmlReader {
  /** `line` is where the element begins. */
  open(name: string, attributes: XmlAttributes, line: number): void;
  /** Decoded, but an escape character is `#x1B`. */
  text(text: string): void;
  close(): void;
}

/** @throws {JunitReportError} when it is no XML, is larger than 10 MB, nested deeper than 32, or has a document type. */
export function readJunitXml(xml: string | Uint8Array, reader: XmlReader): void {
  if (xml.length > MOST_BYTES)
    throw new JunitReportError('too-large', `the report is larger than ${MOST_BYTES} bytes`);
  const text = typeof xml === 'string' ? xml : new TextDecoder().decode(xml);
  const parser = createParser(reader);
  parser.write(withoutEscapes(text.replace(/^\uFEFF/, ''))).close();
}

/** With colours, as tests print them, in a form that XML can hold. */
function withoutEscapes(xml: string): string {
  return xml.replaceAll('\u001B', '#x1B').replace(/&#(?:27|x1b);/gi, '#x1B');
}

function createParser(reader: XmlReader): SaxesParser {
  const parser = new SaxesParser();
  let depth = 0;
  let line = 1;
  parser.on('error', ({ message }) => {
    if (!FORGIVEN.test(message)) throw badXml(parser.line, message.replace(/^\d+:\d+: /, ''));
  });
  parser.on('doctype', () => {
    throw new JunitReportError('has-doctype', 'the report has a document type, which no test runner writes');
  });
  parser.on('opentagstart', () => {
    line = parser.line;
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > MOST_DEPTH) throw badXml(line, `elements are nested deeper than ${MOST_DEPTH}`);
    reader.open(name, attributes, line);
  });
  parser.on('closetag', () => {
    depth -= 1;
    reader.close();
  });
  parser.on('text', reader.text);
  parser.on('cdata', reader.text);
  return parser;
}

function badXml(line: number, what: string): JunitReportError {
  return new JunitReportError('bad-xml', `line ${line}: ${what.slice(0, 200)}`);
}
