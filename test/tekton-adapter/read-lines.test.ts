import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLines } from '../../src/tekton/read-lines.ts';
import { chunksOf, inChunks } from './chunks.ts';

test('lines are the same however the stream was cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(20)), async (lines, cuts) => {
      const text = Buffer.from(lines.map((line) => `${line.replaceAll('\n', ' ')}\n`).join(''));

      const pieces = [];
      for await (const batch of readLines(inChunks(chunksOf(text, cuts)))) pieces.push(...batch);

      expect(pieces.every(({ ends }) => ends)).toBe(true);
      expect(pieces.map(({ bytes }) => Buffer.from(bytes).toString().slice(0, -1))).toEqual(
        lines.map((line) => line.replaceAll('\n', ' ')),
      );
    }),
  );
});

test('a line that is too long comes in pieces, and nothing of it is lost', async () => {
  const text = Buffer.from(`${'x'.repeat(1000)}\nshort\nno end`);

  const pieces = [];
  for await (const batch of readLines(inChunks(chunksOf(text, [100])), 150)) pieces.push(...batch);

  expect(Buffer.concat(pieces.map(({ bytes }) => bytes))).toEqual(text);
  expect(pieces.filter(({ ends }) => ends)).toHaveLength(2);
  expect(Math.max(...pieces.map(({ bytes }) => bytes.length))).toBeLessThan(300);
  expect(pieces.at(-1)?.ends).toBe(false);
});
