import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogStore } from '../../src/app/ports.ts';
import type { StepRef } from '../../src/core/pipeline/run.ts';

export interface OpenStore extends LogStore {
  close(): Promise<void>;
}

/** A place that is empty at the beginning of a test. */
export interface StorePlace {
  /** Opens the store, like a server that starts; the limit is that of the product without one. */
  open(options?: { readonly limitBytes?: number }): Promise<OpenStore>;
  remove(): Promise<void>;
}

export const TEST: StepRef = { stage: 'test' };
const LIMIT = 100;
const NOTE = 'tekton-ci: the log is cut here: more than 100 bytes\n';

/** What every log store promises. */
export function describeLogStore(makePlace: () => Promise<StorePlace>): void {
  let place: StorePlace;
  let store: OpenStore;

  beforeEach(async () => {
    place = await makePlace();
    store = await place.open({ limitBytes: LIMIT });
  });

  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  async function reopen(): Promise<OpenStore> {
    await store.close();
    store = await place.open({ limitBytes: LIMIT });
    return store;
  }

  describe('logs', () => {
    test('a log is what was appended, in order, although nobody waited in between', async () => {
      const roomy = await place.open();
      const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);

      await Promise.all(lines.map((line) => roomy.append('run', TEST, chunk(line))));

      expect(await text(roomy.read('run', TEST))).toBe(lines.join(''));
      await roomy.close();
      expect(await text(store.read('run', TEST))).toBe(lines.join(''));
    });

    test('steps and variants have logs of their own', async () => {
      await store.append('run', TEST, chunk('plain'));
      await store.append('run', { stage: 'test', variant: '1.25' }, chunk('1.25'));
      await store.append('other', TEST, chunk('other'));

      for (const each of [store, await reopen()]) {
        expect(await text(each.read('run', TEST))).toBe('plain');
        expect(await text(each.read('run', { stage: 'test', variant: '1.25' }))).toBe('1.25');
        expect(await text(each.read('other', TEST))).toBe('other');
      }
    });

    test('names of runs that are hostile or long keep to themselves', async () => {
      const names = ['../../etc', 'a/b', 'A', 'a', 'x'.repeat(300), 'ü', '..', ''];
      for (const name of names) await store.append(name, TEST, chunk(`log of ${name.slice(0, 20)}`));

      const later = await reopen();

      for (const name of names)
        expect(await text(later.read(name, TEST))).toBe(`log of ${name.slice(0, 20)}`);
    });

    test('reading begins at the offset; past the end, or without a log, there is nothing', async () => {
      await store.append('run', TEST, chunk('01234'));
      await store.flush?.('run', TEST);
      await store.append('run', TEST, chunk('56789'));

      for (const each of [store, await reopen()]) {
        for (let offset = 0; offset <= 11; offset += 1)
          expect(await text(each.read('run', TEST, offset))).toBe('0123456789'.slice(offset));
        expect(await text(each.read('run', { stage: 'build' }))).toBe('');
        expect(await text(each.read('unknown', TEST))).toBe('');
      }
    });

    test('a log goes on after a restart', async () => {
      await store.append('run', TEST, chunk('one\ntw'));

      await (await reopen()).append('run', TEST, chunk('o\nthree\n'));

      expect(await text(store.read('run', TEST))).toBe('one\ntwo\nthree\n');
      expect(await text((await reopen()).read('run', TEST))).toBe('one\ntwo\nthree\n');
    });

    test('a reset log begins anew', async () => {
      await store.append('run', TEST, chunk('half of the'));

      await store.reset('run', TEST);
      expect(await text(store.read('run', TEST))).toBe('');
      await store.append('run', TEST, chunk('all of the log'));

      expect(await text(store.read('run', TEST))).toBe('all of the log');
      expect(await text((await reopen()).read('run', TEST))).toBe('all of the log');
      await store.reset('run', TEST);
      expect(await text((await reopen()).read('run', TEST))).toBe('');
      await expect(store.reset('unknown', TEST)).resolves.toBeUndefined();
    });

    test('marks tell where lines begin and when they were written, also after a restart, and begin anew with the log', async () => {
      const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 12, 0, second));
      const told = async () =>
        (await store.marks('run', TEST)).map(({ line, offset, at: time }) => [
          line,
          offset,
          time.getUTCSeconds(),
        ]);
      await store.append('run', TEST, { at: at(1), bytes: Buffer.from('one\ntwo\n') });
      await store.append('run', TEST, { at: at(3), bytes: Buffer.from('three\nfo') });
      const first = [
        [1, 0, 1],
        [3, 8, 3],
      ];
      expect(await told()).toEqual(first);

      await reopen();
      expect(await told()).toEqual(first);
      await store.append('run', TEST, { at: at(9), bytes: Buffer.from('ur\nfive\n') });
      expect(await told()).toEqual([...first, [5, 19, 9]]);

      await reopen();
      await store.reset('run', TEST);
      expect(await told()).toEqual([]);
      await store.append('run', TEST, { at: at(10), bytes: Buffer.from('one\n') });
      expect(await told()).toEqual([[1, 0, 10]]);
    });

    test('removing a run removes its logs and its report, and nobody else’s', async () => {
      for (const run of ['run', 'run-2']) {
        await store.append(run, TEST, chunk('text'));
        await store.append(run, { stage: 'build' }, chunk('text'));
        await store.saveReport(run, { title: run, summary: '' });
      }
      await store.flush?.('run', TEST);

      await store.remove('run');

      for (const each of [store, await reopen()]) {
        expect(await text(each.read('run', TEST))).toBe('');
        expect(await text(each.read('run', { stage: 'build' }))).toBe('');
        expect(await each.report('run')).toBeNull();
        expect(await text(each.read('run-2', TEST))).toBe('text');
        expect(await each.report('run-2')).toEqual({ title: 'run-2', summary: '' });
      }
      await expect(store.remove('unknown')).resolves.toBeUndefined();
    });

    test('close waits for what was accepted', async () => {
      void store.append('run', TEST, chunk('last words'));

      expect(await text((await reopen()).read('run', TEST))).toBe('last words');
    });
  });

  describe('the limit', () => {
    test('a log that fills the limit exactly is whole; the next byte cuts it, once', async () => {
      await store.append('run', TEST, chunk('x'.repeat(LIMIT)));
      expect(await text(store.read('run', TEST))).toBe('x'.repeat(LIMIT));

      for (let again = 0; again < 3; again++) await store.append('run', TEST, chunk('y'));

      expect(await text(store.read('run', TEST))).toBe(`${'x'.repeat(LIMIT)}\n${NOTE}`);
    });

    test('a restart does not cut again', async () => {
      await store.append('run', TEST, chunk('x'.repeat(LIMIT + 1)));

      await (await reopen()).append('run', TEST, chunk('y'));

      expect(await text(store.read('run', TEST))).toBe(`${'x'.repeat(LIMIT)}\n${NOTE}`);
    });

    test('the note has a line of its own and no character is split', async () => {
      await store.append('run', TEST, chunk(`${'x'.repeat(LIMIT - 1)}\nmore`));
      await store.append('emoji', TEST, chunk(`${'x'.repeat(LIMIT - 2)}🚀`));

      expect(await text(store.read('run', TEST))).toBe(`${'x'.repeat(LIMIT - 1)}\n${NOTE}`);
      expect(await text(store.read('emoji', TEST))).toBe(`${'x'.repeat(LIMIT - 2)}\n${NOTE}`);
    });

    test('the log after a reset has its whole room again', async () => {
      await store.append('run', TEST, chunk('x'.repeat(LIMIT + 1)));
      await store.reset('run', TEST);

      await store.append('run', TEST, chunk('fresh'));

      expect(await text(store.read('run', TEST))).toBe('fresh');
    });

    test('is 100 MB unless said otherwise, and the note says so', async () => {
      const roomy = await place.open();

      await roomy.append('run', TEST, { at: new Date(0), bytes: new Uint8Array(100_000_001) });
      await roomy.close();

      expect(await text(store.read('run', TEST, 100_000_000))).toBe(
        '\ntekton-ci: the log is cut here: more than 100 MB\n',
      );
    }, 30_000);

    test('however the chunks fall, the beginning is kept and the note comes once', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.string({ minLength: 1, maxLength: 60 }), { maxLength: 8 }),
          async (chunks) => {
            const name = `property-${run++}`;
            for (const part of chunks) await store.append(name, TEST, chunk(part));

            const whole = chunks.join('');
            const log = await text(store.read(name, TEST));

            if (whole.length <= LIMIT) expect(log).toBe(whole);
            else
              expect(log.replace(/\n?tekton-ci: the log is cut.*\n$/, '')).toBe(
                whole.slice(0, LIMIT).replace(/\n$/, ''),
              );
          },
        ),
        { numRuns: 50 },
      );
    });
  });

  test('the last report saved is the one read, also after a restart', async () => {
    const report = { title: 'Skipped', summary: 'No file under web/ changed.\n`ünïcode` </script>' };
    await store.saveReport('gate-1', { title: 'first', summary: '' });
    await store.saveReport('gate-1', report);

    expect(await (await reopen()).report('gate-1')).toEqual(report);
    expect(await store.report('gate-2')).toBeNull();
  });
}

export function chunk(content: string): { at: Date; bytes: Uint8Array } {
  return { at: new Date(0), bytes: Buffer.from(content) };
}

export async function text(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const part of bytes) chunks.push(part);
  return Buffer.concat(chunks).toString();
}
