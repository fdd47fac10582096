import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { markupOf } from '../../../src/web/html.ts';
import { lineParts } from '../../../src/web/log/line-parts.ts';
import { plainText } from '../../../src/web/log/plain-text.ts';
import { LOG_STYLE } from '../../../src/web/page/log-style.ts';
import { anyText } from '../../any-text.ts';

const ESC = '\u{1b}';
const STYLE = markupOf(LOG_STYLE);

describe('the parts of a line', () => {
  test.each([
    ['plain', ['plain']],
    ['', []],
    [`${ESC}[31mred${ESC}[0m then`, [['red', 'fore-red'], ' then']],
    [`${ESC}[1;4;94mboth`, [['both', 'fore-blue bold underline']]],
    [
      `${ESC}[38;5;208morange ${ESC}[38;5;244mgrey`,
      [
        ['orange ', 'fore-yellow'],
        ['grey', 'fore-grey'],
      ],
    ],
    [`${ESC}[38;2;20;200;90mtrue`, [['true', 'fore-green']]],
    [`${ESC}[97;41m FAIL `, [[' FAIL ', 'back-red']]],
    [`${ESC}[7;32m PASS `, [[' PASS ', 'back-green']]],
    [`${ESC}[8mhidden${ESC}[5mblink`, ['hidden', 'blink']],
    ['\u{9b}31mred', [['red', 'fore-red']]],
    [`1%\r${ESC}[32m100%\r`, [['100%', 'fore-green']]],
    [`${ESC}]8;;javascript:alert(1)\u0007link${ESC}]8;;\u0007`, ['link']],
    [`${ESC}]8;;https://x.example${ESC}\\link${ESC}]8;;${ESC}\\`, ['link']],
    [`${ESC}[2J${ESC}[H${ESC}[10Amoved${ESC}[?1049h${ESC}c`, ['moved']],
    [`${ESC}[31"><script>`, ['31"><script>']],
    ['\u202eabc\0', ['\u{fffd}abc␀']],
  ])('of %j are %j', (line, parts) => {
    expect(lineParts(line)).toEqual(parts);
  });

  const sequence = fc
    .tuple(
      fc.constantFrom('[', ']', ']8;;', 'P', '(', ''),
      anyText({ maxLength: 6 }),
      fc.constantFrom('m', 'H', '\u0007', `${ESC}\\`, ''),
    )
    .map((parts) => ESC + parts.join(''));
  const colours = fc.array(fc.nat(260), { maxLength: 6 }).map((numbers) => `${ESC}[${numbers.join(';')}m`);
  const hostile = fc.array(fc.oneof(anyText({ maxLength: 8 }), sequence, colours), { maxLength: 12 });

  test('whatever is written, have nothing invisible, and no class that the stylesheet does not know', () => {
    fc.assert(
      fc.property(hostile, (pieces) => {
        for (const part of lineParts(pieces.join(''))) {
          const [text, classes] = typeof part === 'string' ? [part, ''] : part;
          expect(text).not.toMatch(/(?![\t\n])[\p{Cc}\p{Bidi_Control}]/u);
          expect(text).not.toBe('');
          for (const name of classes.split(' ').filter(Boolean)) expect(STYLE).toContain(`.${name} {`);
        }
      }),
    );
  });

  test('together are what a search looks through', () => {
    const visible = (text: string) => text.replace(/(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu, '');
    fc.assert(
      fc.property(hostile, (pieces) => {
        const line = pieces.join('').replaceAll('\n', '');
        const parts = lineParts(line).map((part) => (typeof part === 'string' ? part : part[0]));
        expect(parts.join('').replace(/[\u2400-\u241f\ufffd]/g, '')).toBe(
          visible(plainText(line)).replace(/[\u2400-\u241f\ufffd]/g, ''),
        );
      }),
    );
  });
});
