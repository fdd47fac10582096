import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogChunk } from '../../../src/app/ports.ts';
import { MISSING, unstoredLog } from '../../../src/app/runs/unstored-log.ts';

const AT = new Date(0);

async function* inParts(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function* chunksOf(text: string, size: number): AsyncGenerator<LogChunk> {
  for await (const bytes of inParts(text, size)) yield { at: AT, bytes };
}

/** What is stored in the end. */
async function added(stored: string, again: string, size = 7): Promise<string> {
  const parts: Uint8Array[] = [Buffer.from(stored)];
  for await (const { bytes } of unstoredLog(() => inParts(stored, size + 3), chunksOf(again, size)))
    parts.push(bytes);
  return Buffer.concat(parts).toString();
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('');

describe('a log that is read again', () => {
  test('adds what comes after what is stored, wherever that ends and however it is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'ü', '\n', '.') }), { maxLength: 40 }),
        fc.nat(200),
        fc.integer({ min: 1, max: 30 }),
        async (parts, end, size) => {
          const whole = Buffer.from(parts.join(''));
          const stored = whole.subarray(0, end);
          const read: Uint8Array[] = [stored];
          const chunks = unstoredLog(
            async function* () {
              yield stored;
            },
            chunksOf(whole.toString(), size),
          );
          for await (const { bytes } of chunks) read.push(bytes);

          expect(Buffer.concat(read).toString()).toBe(whole.toString());
        },
      ),
    );
  });

  test('adds nothing when less is left than is stored', async () => {
    expect(await added(numbered(0, 100), numbered(0, 40))).toBe(numbered(0, 100));
    expect(await added(numbered(0, 100), '')).toBe(numbered(0, 100));
  });

  test.each([
    ['into what is stored', 60, 150],
    ['exactly behind it', 99, 150],
    ['at its very end', 99, 100],
  ])('is found when it was rotated: its beginning reaches %s', async (_what, from, to) => {
    expect(await added(numbered(0, 100), numbered(from, to))).toBe(numbered(0, Math.max(100, to)));
  });

  test('says that lines are missing when it was rotated too far, and goes on behind that the next time', async () => {
    const once = await added(numbered(0, 100), numbered(120, 150));

    expect(once).toBe(numbered(0, 100) + MISSING + numbered(120, 150));
    expect(await added(once, numbered(120, 160))).toBe(numbered(0, 100) + MISSING + numbered(120, 160));
    expect(await added('no end', numbered(3, 5))).toBe(`no end\n${MISSING}${numbered(3, 5)}`);
  });

  test('is the same log although some of its lines were masked otherwise', async () => {
    const stored = 'one\ntoken ***\nthree\nfour\n';

    expect(await added(stored, 'one\ntoken ghs_1\nthree\nfour\nfive\n')).toBe(`${stored}five\n`);
  });

  test('of many megabytes is compared by its beginning', async () => {
    const [stored, whole] = [numbered(0, 200_000), numbered(0, 200_010)];

    expect((await added(stored, whole, 65_536)) === whole).toBe(true);
  });
});
