import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLineMasker } from '../../../src/core/report/line-masker.ts';
import { mask } from '../../../src/core/report/mask.ts';
import { secretForms } from '../../../src/core/report/secret-forms.ts';

/** Ways in which programs write a text. */
const WRITTEN: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 after a user': (text) => Buffer.from(`user:${text}`).toString('base64'),
  'in base64 in the middle': (text) => Buffer.from(`ab${text}yz`).toString('base64'),
  'in base64 of addresses': (text) => Buffer.from(text).toString('base64url'),
  'in base64 in lines': (text) =>
    (
      Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\n'),
  'as a component of an address': (text) => encodeURIComponent(text),
  'in a form': (text) => new URLSearchParams({ x: text }).toString().slice(2),
  'in XML': (text) => text.replace(/[&<>]/g, (one) => XML[one] ?? one),
  'in an attribute of XML': (text) => text.replace(/[&<>"]/g, (one) => XML[one] ?? one),
  'in XML with all its signs': (text) => text.replace(/[&<>"']/g, (one) => XML[one] ?? one),
  "in Go's XML": (text) =>
    text.replace(/[&<>"']/g, (one) => ({ '"': '&#34;', "'": '&#39;' })[one] ?? XML[one] ?? one),
  "in Python's HTML": (text) =>
    text.replace(/[&<>"']/g, (one) => (one === "'" ? '&#x27;' : (XML[one] ?? one))),
  "in Go's JSON": (text) => goJson(text),
  "in Gson's JSON": (text) => JSON.stringify(text).replace(/[<>&'=]/g, escaped),
  'in JSON line by line': (text) =>
    text
      .split('\n')
      .map((line) => goJson(`${line}\n`))
      .join('\n'),
  'in JSON': (text) => JSON.stringify(text),
  "in PHP's JSON": (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  "in Python's JSON": (text) =>
    JSON.stringify(text).replace(
      /[^\0-\x7f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
};

const XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** https://pkg.go.dev/encoding/json#HTMLEscape */
function goJson(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** As people have them: a password with signs, a key, text of several lines. */
const secret = fc
  .oneof(
    fc.string({ minLength: 8, maxLength: 60 }),
    fc.base64String({ minLength: 12, maxLength: 200 }),
    fc.string({
      minLength: 8,
      maxLength: 40,
      unit: fc.constantFrom('a', 'ß', '日', '/', '"', "'", '<', '&', '\\', ' ', '+', '=', '%', '7', '😀'),
    }),
    fc
      .array(fc.string({ minLength: 8, maxLength: 60, unit: fc.constantFrom(...'abcXYZ0189+/=') }), {
        minLength: 2,
        maxLength: 5,
      })
      .map((lines) => lines.join('\n')),
    fc
      .array(fc.string({ minLength: 8, maxLength: 40, unit: fc.constantFrom(...'ab19"\'\\<&: ') }), {
        minLength: 2,
        maxLength: 4,
      })
      .map((lines) => lines.map((line) => `x${line}y`).join('\n')),
  )
  .filter((text) => /\S{6}/.test(text) && text === text.trim());

/** What could be read of a secret: pieces of a written form, long enough to be told from ordinary text. */
function piecesOf(written: string): string[] {
  return written.split('\n').flatMap((line) => (line.length < 12 ? [] : [line.slice(2, -4)]));
}

describe('a secret', () => {
  test.each(Object.keys(WRITTEN))('written %s is masked', (way) => {
    fc.assert(
      fc.property(secret, fc.string({ maxLength: 20 }), (value, around) => {
        const written = WRITTEN[way]?.(value) ?? '';
        const masked = mask(`${around} ${written} ${around}`, secretForms(value));
        for (const piece of piecesOf(written)) {
          if (!around.includes(piece)) expect(masked).not.toContain(piece);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is masked wherever a log is cut', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(secret, fc.constantFrom(...Object.values(WRITTEN)), (value, write) => {
        const written = write(value);
        const bytes = encoder.encode(`before ${written} after\n`);
        for (let at = 0; at <= bytes.length; at += 1) {
          const masker = createLineMasker(() => secretForms(value));
          const parts = [masker.push(bytes.subarray(0, at)), masker.push(bytes.subarray(at)), masker.end()];
          const masked = Buffer.concat(parts).toString();
          for (const piece of piecesOf(written)) expect(masked).not.toContain(piece);
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(['s3cret-of-8', 'päss word'])('is known without the blanks around it: %s', (value) => {
    const forms = secretForms(`\t${value}\n`);

    for (const write of Object.values(WRITTEN)) {
      const masked = mask(`a ${write(value)} b`, forms);
      for (const piece of piecesOf(write(value))) expect(masked).not.toContain(piece);
    }
  });

  test('that is short is known where signs of it are escaped', () => {
    expect(mask('pa\\"ss pa&quot;ss pa%22ss', secretForms('pa"ss'))).toBe('*** *** ***');
  });

  test('that is short has no forms that stand in ordinary text', () => {
    expect(secretForms('abc')).toEqual(['abc']);
    expect(secretForms('')).toEqual([]);
  });
});
