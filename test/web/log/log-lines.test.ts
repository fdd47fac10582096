import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LogLine, logLines } from '../../../src/web/log/log-lines.ts';

describe('logLines', () => {
  test('the lines are those of the text, wherever the chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', 'ä', '🚀', '\n', '\r') }),
        fc.integer({ min: 1, max: 5 }),
        async (text, size) => {
          const expected = text.split('\n');
          if (expected.at(-1) === '') expected.pop();

          const lines = await collect(text, size, { firstNumber: 7, maxLineBytes: 1_000 });

          expect(lines).toEqual(
            expected.map((line, index) => ({ number: index + 7, text: line, droppedBytes: 0 })),
          );
        },
      ),
    );
  });

  test('a line that is too long is cut at a character, and says how much is gone', async () => {
    const lines = await collect('aaaä🚀bcd\nshort', 3, { firstNumber: 1, maxLineBytes: 7 });

    expect(lines).toEqual([
      { number: 1, text: 'aaaä', droppedBytes: 5 },
      { number: 2, text: 'short', droppedBytes: 0 },
    ]);
  });

  test('five megabytes without a newline are one short line', async () => {
    const [line, ...rest] = await collect('x'.repeat(5_000_000), 65_536, {
      firstNumber: 1,
      maxLineBytes: 100,
    });

    expect(line).toEqual({ number: 1, text: 'x'.repeat(100), droppedBytes: 4_999_900 });
    expect(rest).toEqual([]);
  });

  test('what is not UTF-8 is marked', async () => {
    const lines: LogLine[] = [];
    for await (const line of logLines(chunks(Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0xc3]), 1), LIMITS))
      lines.push(line);

    expect(lines.map(({ text }) => text)).toEqual(['a��', '�']);
  });
});

const LIMITS = { firstNumber: 1, maxLineBytes: 100 };

async function collect(text: string, size: number, options: typeof LIMITS): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of logLines(chunks(Buffer.from(text), size), options)) lines.push(line);
  return lines;
}

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
