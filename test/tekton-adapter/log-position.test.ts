import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLogPosition } from '../../src/tekton/log-position.ts';
import { readLines } from '../../src/tekton/read-lines.ts';
import { chunksOf, inChunks } from './chunks.ts';

interface Line {
  readonly nanoseconds: number;
  readonly text: string;
}

/** Times of a minute, some at the very same time, some a little out of order as two streams of a container write them. */
const logs = fc
  .array(
    fc.record({
      step: fc.constantFrom(0, 0, 1, 1_000, 400_000_000, 3_000_000_000),
      back: fc.constantFrom(0, 0, 0, 1, 500),
      text: fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ' ')),
    }),
    { maxLength: 15 },
  )
  .map((steps) => {
    let now = 2_000_000_000;
    return steps.map(({ step, back, text }): Line => {
      now += step;
      return { nanoseconds: now - back, text };
    });
  });

function stamp({ nanoseconds }: Line): string {
  const seconds = String(Math.floor(nanoseconds / 1e9)).padStart(2, '0');
  const fraction = String(nanoseconds % 1e9)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `2026-11-23T10:00:${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** What Kubernetes gives of the lines since a whole second, in the order of the file. */
function since(lines: readonly Line[], time: string | undefined): Buffer {
  const from = time === undefined ? 0 : Number(time.slice(17, 19)) * 1e9;
  const given = lines.filter(({ nanoseconds }) => nanoseconds >= from);
  return Buffer.from(given.map((line) => `${stamp(line)} ${line.text}\n`).join(''));
}

async function take(position: ReturnType<typeof createLogPosition>, bytes: Uint8Array): Promise<string> {
  let text = '';
  for await (const pieces of readLines(inChunks(chunksOf(bytes, [7, 50])), 40)) {
    for (const piece of pieces) text += Buffer.from(position.take(piece)).toString('latin1');
  }
  return text;
}

test('every line comes once, wherever connections were lost', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.array(fc.nat(300), { maxLength: 6 }), async (lines, losses) => {
      const position = createLogPosition();
      let text = '';
      for (const loss of losses) {
        const all = since(lines, position.resume());
        text += await take(position, all.subarray(0, loss));
      }
      text += await take(position, since(lines, position.resume()));

      expect(text).toBe(Buffer.from(lines.map((line) => `${line.text}\n`).join('')).toString('latin1'));
    }),
  );
});

test('lines of a file that took the place of the one before are not held for known', async () => {
  const position = createLogPosition();
  position.resume();
  await take(
    position,
    since(
      [1, 2, 3].map((n) => ({ nanoseconds: 1e9 + n, text: `old ${n}` })),
      undefined,
    ),
  );

  const time = position.resume();
  const text = await take(
    position,
    since(
      [4, 5].map((n) => ({ nanoseconds: 1e9 + n, text: `new ${n}` })),
      time,
    ),
  );

  expect(time).toBe('2026-11-23T10:00:00.000Z');
  expect(text).toBe('new 4\nnew 5\n');
  expect(position.at()).toEqual(new Date('2026-11-23T10:00:01.000Z'));
});

test('what the kubelet says of itself, without a time, is given', async () => {
  const position = createLogPosition();
  position.resume();

  const text = await take(position, Buffer.from('failed to watch file\n2026-11-23T10:00:01+01:00 line\n'));

  expect(text).toBe('failed to watch file\nline\n');
  expect(position.at()).toEqual(new Date('2026-11-23T09:00:01.000Z'));
});
