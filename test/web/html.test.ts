import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { html, markupOf } from '../../src/web/html.ts';
import { anyText } from '../any-text.ts';

const hostile = fc.oneof(
  anyText(),
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '`', '=', '/', ' ', 'a', '\0', '\u202e', '\n'),
  }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '</pre>',
    '"><img src=x onerror=alert(1)>',
    '&lt;',
    '<!--',
    ']]>',
  ),
);

describe('html', () => {
  test('no text becomes markup, in an element or between the quotes of an attribute', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markup = markupOf(html`<p title="${text}" class='${text}'>${text}</p>`);

        expect(markup.match(/[<>"'`]/g)?.join('')).toBe(`<""''><>`);
      }),
    );
  });

  test('a reader sees the very text, but for what is invisible', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = decode(markupOf(html`${text}`));

        expect(shown.length).toBe(text.length);
        expect(shown).not.toMatch(/(?![\t\n])\p{Cc}|\p{Bidi_Control}/u);
        const visible = text.replace(/(?![\t\n])\p{Cc}|\p{Bidi_Control}/gu, '');
        expect(shown.replace(/[\u2400-\u241f\ufffd]/g, '')).toBe(
          visible.replace(/[\u2400-\u241f\ufffd]/g, ''),
        );
      }),
    );
  });

  test('what is invisible is pictured', () => {
    expect(markupOf(html`${'a\0b\u001b[1m\r\u007f\u009b\u202e'}`)).toBe('a␀b␛[1m␍���');
  });

  test('templates nest without being escaped again, alone and in lists', () => {
    const items = ['<a>', 'b'].map((item) => html`<li>${item}</li>`);

    expect(markupOf(html`<ul>${items}</ul>${html`<hr>`}`)).toBe('<ul><li>&lt;a&gt;</li><li>b</li></ul><hr>');
  });

  test('numbers are written, and absent values leave nothing', () => {
    expect(markupOf(html`${0}|${false}|${null}|${undefined}|${''}`)).toBe('0||||');
  });

  test('an object that looks like markup does not pass for it', () => {
    const forged = JSON.parse('{"markup":"<script>","Symbol(markup)":"<script>"}');

    expect(() => html`${forged}`).toThrow();
  });
});

function decode(markup: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`', amp: '&' };
  return markup.replace(/&(lt|gt|quot|#39|#96|amp);/g, (_, name) => entities[name]!);
}
