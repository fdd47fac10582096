import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findLogWindow } from '../../../src/web/log/log-window.ts';

describe('findLogWindow', () => {
  test.each([
    ['an empty log', '', { offset: 0, firstLine: 1, lines: 0, bytes: 0 }],
    ['a log that fits', 'a\nb\n', { offset: 0, firstLine: 1, lines: 2, bytes: 4 }],
    ['a last line without newline', 'a\nb\nc', { offset: 0, firstLine: 1, lines: 3, bytes: 5 }],
    ['one line too many', 'a\nb\nc\nd\n', { offset: 2, firstLine: 2, lines: 4, bytes: 8 }],
    ['too many bytes', 'aaaaaaaaaa\nb\nc\n', { offset: 11, firstLine: 2, lines: 3, bytes: 15 }],
    ['one huge line', 'aaaaaaaaaaaaaaaa', { offset: 0, firstLine: 1, lines: 1, bytes: 16 }],
    ['a huge last line', 'a\naaaaaaaaaaaaaaaa', { offset: 2, firstLine: 2, lines: 2, bytes: 18 }],
    ['empty lines', '\n\n\n\n', { offset: 1, firstLine: 2, lines: 4, bytes: 4 }],
  ])('%s', async (_, text, window) => {
    expect(await findLogWindow(chunks(text, 2), { maxLines: 3, maxBytes: 10 })).toEqual(window);
  });

  test('begins where its first line begins and holds as much as the limits allow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', '\n') }),
        fc.record({ maxLines: fc.integer({ min: 1, max: 6 }), maxBytes: fc.integer({ min: 1, max: 20 }) }),
        fc.integer({ min: 1, max: 4 }),
        async (text, limits, size) => {
          const { offset, firstLine, lines } = await findLogWindow(chunks(text, size), limits);

          const shown = text.slice(offset).match(/[^\n]*\n|[^\n]+$/g) ?? [];
          expect(shown.length).toBe(lines === 0 ? 0 : lines - firstLine + 1);
          expect(shown.length).toBeLessThanOrEqual(limits.maxLines);
          expect(offset === 0 || text[offset - 1] === '\n').toBe(true);
          if (shown.length > 1) expect(text.length - offset).toBeLessThanOrEqual(limits.maxBytes);
        },
      ),
    );
  });
});

async function* chunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}
