import { readXml, XmlError, type XmlReader } from '../../../read-xml.ts';

/** Reports are written by tests, which may be anyone's. */
const MOST_BYTES = 10_000_000;

/** A report that cannot be read; the message says why, in a few words. */
export class JunitReportError extends Error {
  override readonly name: string = 'JunitReportError';
  readonly code: 'too-large' | 'has-doctype' | 'bad-xml' | 'no-report';

  constructor(code: JunitReportError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** In texts an escape character is `#x1B`. Throws a `JunitReportError` when it is no XML, is larger than 10 MB, nested deeper than 32, or has a document type. */
export function readJunitXml(xml: string | Uint8Array, reader: Omit<XmlReader, 'doctype'>): void {
  if (xml.length > MOST_BYTES)
    throw new JunitReportError('too-large', `the report is larger than ${MOST_BYTES} bytes`);
  const text = typeof xml === 'string' ? xml : new TextDecoder().decode(xml);
  try {
    readXml(withoutEscapes(text), { ...reader, doctype: refuseDoctype });
  } catch (error) {
    throw error instanceof XmlError ? new JunitReportError('bad-xml', error.message) : error;
  }
}

function refuseDoctype(): never {
  throw new JunitReportError('has-doctype', 'the report has a document type, which no test runner writes');
}

/** With colours, as tests print them, in a form that XML can hold. */
function withoutEscapes(xml: string): string {
  return xml.replaceAll('\u001B', '#x1B').replace(/&#(?:27|x1b);/gi, '#x1B');
}
