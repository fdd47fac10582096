import { describe, expect, test } from '@jest/globals';
import type { Engine } from '../../src/app/ports.ts';
import { maskedLog, secretsOf } from '../../src/cli/masked-log.ts';
import { createFakeEngine } from './fake-engine.ts';

const STEP = { stage: 'test' } as const;

/** An engine whose steps were given these values, and that has this log in these pieces. */
function engineOf(values: readonly string[], pieces: readonly string[]): Engine {
  return {
    ...createFakeEngine(),
    secretValues: async () => values,
    async *logs() {
      for (const piece of pieces) yield { at: new Date(0), bytes: new TextEncoder().encode(piece) };
    },
  };
}

async function textsOf(engine: Engine): Promise<string[]> {
  const secrets = await secretsOf(engine, 'run');
  const log = maskedLog(engine, { name: 'run', step: STEP, secrets }, new AbortController().signal);
  const texts: string[] = [];
  for await (const text of log) texts.push(text);
  return texts;
}

describe('a log that is printed', () => {
  test('shows no secret that was given, in no form, wherever its pieces are cut', async () => {
    const encoded = Buffer.from('s3cret-value').toString('base64');
    const text = `plain s3cret-value\nencoded ${encoded}\nends in s3cret-value`;
    for (let cut = 1; cut < text.length; cut += 1) {
      const printed = (await textsOf(engineOf(['s3cret-value'], [text.slice(0, cut), text.slice(cut)]))).join(
        '',
      );
      expect(printed).not.toContain('s3cret');
      expect(printed).not.toContain(encoded);
      expect(printed).toMatch(/^plain .*\nencoded .*\nends in /);
    }
  });

  test('comes as it is written where none was given', async () => {
    expect(await textsOf(engineOf([], ['.', '.', 'F']))).toEqual(['.', '.', 'F', '']);
  });
});
