import type { GeneratedSecret } from './generated-secrets.ts';

/** How a program writes a secret. */
export type Way = (text: string) => string;

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** As `base64` breaks its lines. */
function base64Lines(text: string): string {
  const lines = base64(text).match(/.{1,76}/g) ?? [];
  // So short an end stands in ordinary text as well.
  return (lines.at(-1) ?? '').length < 8 ? base64(text) : lines.join('\n');
}

const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** https://pkg.go.dev/encoding/json#HTMLEscape */
export const goJson: Way = (text) => JSON.stringify(text).slice(1, -1).replace(/[<>&]/g, escaped);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
export const xml: Way = (text) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** Ways whose signs no JSON and no XML escapes. */
const ENCODED: Readonly<Record<string, Way>> = {
  'in base64': base64,
  'in base64 after a user': (text) => base64(`user:${text}`),
  'in base64 of addresses': (text) => Buffer.from(text).toString('base64url'),
  'in an address': encodeURIComponent,
};

export const WAYS: Readonly<Record<string, Way>> = {
  'as it is': (text) => text,
  ...ENCODED,
  'in base64 in lines': base64Lines,
  'in a form': (text) => new URLSearchParams({ x: text }).toString().slice(2),
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  "in Go's JSON": goJson,
  'in XML': xml,
};

/** Ways in which they are known inside of JSON and XML too. */
export const WAYS_INSIDE: Readonly<Record<string, Way>> = {
  'as it is': (text) => text,
  ...ENCODED,
  'in JSON': WAYS['in JSON']!,
};

/** What a shape is known in. */
const SHAPED: Readonly<Record<string, Way>> = { 'as it is': (text) => text };

/** A secret as it is written somewhere; `masked` is what has to be there instead. */
export interface Written {
  readonly text: string;
  readonly masked: string;
  /** What must not be read. */
  readonly hidden: string;
}

/** All ways in which it must be known. */
export function writtenIn(
  secret: GeneratedSecret,
  ways: Readonly<Record<string, Way>> = WAYS,
): readonly Written[] {
  const { value, given, show } = secret;
  return Object.values(given ? ways : SHAPED).map((write) => {
    const text = write(show(value));
    const masked = given ? text.replace(/.+/g, '***') : show('***');
    return { text, masked, hidden: write(value).replace(/^dXNlcj/, '') };
  });
}

/** A secret of several lines is masked as one where it comes as one, else line by line. */
export function maskedOnce(log: string): string {
  return log.replace(/\*\*\*(?:\s+\*\*\*)*/g, '***');
}

/** The same, and without the characters of base64 that a secret shares with what is around it, and the blanks before its lines. */
export function withoutRemains(log: string): string {
  return maskedOnce(log.replace(/ *[\w+/-]{0,8}\*\*\*[\w+/=-]{0,4}/g, '***'));
}

/** Pieces of it that must be nowhere; shorter ones stand in ordinary text by chance. */
const PIECE = 8;

/** Every piece of the texts, as they read with any blanks in a row as one, but for those that are of others too. */
export function piecesOf(
  texts: Iterable<string>,
  others: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const pieces = new Set<string>();
  for (const text of texts) {
    for (const line of text.split('\n')) {
      const read = oneBlank(line);
      for (let at = 0; at + PIECE <= read.length; at += 1) {
        const piece = read.slice(at, at + PIECE);
        if (!others.has(piece)) pieces.add(piece);
      }
    }
  }
  return pieces;
}

/** The first line of the texts that has one of the pieces; null where none has. */
export function leakIn(texts: Iterable<string>, pieces: ReadonlySet<string>): string | null {
  const seen = new Set<string>();
  for (const text of texts) for (const line of text.split('\n')) seen.add(oneBlank(line));
  for (const line of seen) {
    for (let at = 0; at + PIECE <= line.length; at += 1) {
      const piece = line.slice(at, at + PIECE);
      if (pieces.has(piece)) return `${piece} in ${line}`;
    }
  }
  return null;
}

function oneBlank(text: string): string {
  return text.replace(/\s+/g, ' ');
}
