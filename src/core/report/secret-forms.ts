import { linesOfSecret } from './mask.ts';

/** Shorter pieces of a secret in base64 stand in ordinary text by chance. */
const SHORTEST = 8;

/** `base64` breaks its lines after so many characters: https://www.gnu.org/software/coreutils/base64 */
const BASE64_LINE = 76;

/** Masking so short a value would leave no log to read: `1`, `on`. */
const SHORTEST_VALUE = 4;

/** All that must be masked where these values were given. */
export function formsToMask(values: readonly string[]): readonly string[] {
  return values.filter(({ length }) => length >= SHORTEST_VALUE).flatMap(secretForms);
}

/**
 * A secret as programs write it: itself, and in base64 (at any place of a longer text, in both alphabets, in lines), in an address, and
 * as part of JSON or XML, whole or line by line, with the blanks around it or without. Each is to be masked; most often they are all there is.
 */
export function secretForms(secret: string): readonly string[] {
  const trimmed = secret.trim();
  const whole = trimmed.length < SHORTEST_VALUE ? [secret] : [...new Set([secret, trimmed])];
  const inBase64 = whole.flatMap(base64Forms).filter(({ length }) => length >= SHORTEST);
  const texts = [...whole, ...linesOfSecret(secret)];
  const json = texts.flatMap(jsonForms);
  const plain = [...texts, ...whole.flatMap(urlForms), ...json];
  // Tests tell of JSON in reports that are JSON or XML themselves.
  const all = [
    ...whole,
    ...inBase64,
    ...plain,
    ...texts.map(quoted).flatMap(jsonForms),
    ...plain.flatMap(xmlForms),
  ];
  return [...new Set(all)].filter((form) => form !== '');
}

/** Of a text around it base64 shows the secret in one of three ways, but for the characters that its neighbours share. */
function base64Forms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const forms = [0, 1, 2].map((before) => {
    const whole = base64(new Uint8Array([...new Uint8Array(before), ...bytes]));
    const shared = Math.ceil((before * 8) / 6);
    const known = Math.floor(((before + bytes.length) * 8) / 6);
    return whole.slice(shared, known);
  });
  const lines = base64(bytes).match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? [];
  const all = [...forms, ...(lines.length > 1 ? lines : [])];
  return [...all, ...all.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Programs differ in what they leave as it is, and in the case of the digits. */
function urlForms(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  const common = encodeURIComponent(wellFormed);
  const strict = common.replace(/[!'()*~]/g, percent);
  const form = common.replace(/[!'()~]/g, percent).replaceAll('%20', '+');
  const address = encodeURI(wellFormed);
  const upper = [common, strict, form, address];
  return [...upper, ...upper.map((one) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Slashes may be escaped, and whatever is not ASCII, and what HTML would read: in Go, in others apostrophes too, in Gson also `=`. */
function jsonForms(secret: string): string[] {
  const plain = quoted(secret);
  const ascii = plain.replace(/[\u0080-\uFFFF]/g, unicode);
  const forms = [plain, ascii].flatMap((form) => [
    form,
    ...[/[<>&\u2028\u2029]/g, /[<>&']/g, /[<>&'=]/g].map((signs) => form.replace(signs, unicode)),
  ]);
  return [...forms, ...forms.map((form) => form.replaceAll('/', '\\/'))];
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What stands for `>`, quotes and apostrophes: in texts, in attributes, as XML names them, as Go and as Python write them. `&` and `<` always are escaped. */
const XML: readonly Readonly<Record<string, string>>[] = [
  {},
  { '>': '&gt;' },
  { '"': '&quot;' },
  { '>': '&gt;', '"': '&quot;' },
  { '>': '&gt;', '"': '&quot;', "'": '&apos;' },
  { '>': '&gt;', '"': '&quot;', "'": '&#39;' },
  { '>': '&gt;', '"': '&#34;', "'": '&#39;' },
  { '>': '&gt;', '"': '&quot;', "'": '&#x27;' },
];

function xmlForms(secret: string): string[] {
  const text = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return XML.map((names) => text.replace(/[>"']/g, (sign) => names[sign] ?? sign));
}
