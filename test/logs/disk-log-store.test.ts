import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StepRef } from '../../src/core/pipeline/run.ts';
import { createDiskLogStore, type DiskLogStore } from '../../src/logs/disk-log-store.ts';

const TEST: StepRef = { stage: 'test' };
const LIMIT = 100;
const NOTE = 'tekton-ci: the log is cut here: more than 100 bytes\n';

let directory: string;
let store: DiskLogStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tekton-ci-logs-'));
  store = createDiskLogStore({ directory, limitBytes: LIMIT });
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('logs', () => {
  test('a log is what was appended, in order, although nobody waited in between', async () => {
    const roomy = createDiskLogStore({ directory });
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);

    await Promise.all(lines.map((line) => roomy.append('run', TEST, chunk(line))));

    expect(await text(roomy.read('run', TEST))).toBe(lines.join(''));
  });

  test('steps and variants have logs of their own', async () => {
    await store.append('run', TEST, chunk('plain'));
    await store.append('run', { stage: 'test', variant: '1.25' }, chunk('1.25'));
    await store.append('other', TEST, chunk('other'));

    expect(await text(store.read('run', TEST))).toBe('plain');
    expect(await text(store.read('run', { stage: 'test', variant: '1.25' }))).toBe('1.25');
    expect(await text(store.read('other', TEST))).toBe('other');
  });

  test('reading begins at the offset; past the end, or without a log, there is nothing', async () => {
    await store.append('run', TEST, chunk('0123456789'));

    expect(await text(store.read('run', TEST, 7))).toBe('789');
    expect(await text(store.read('run', TEST, 10))).toBe('');
    expect(await text(store.read('run', TEST, 11))).toBe('');
    expect(await text(store.read('run', { stage: 'build' }))).toBe('');
    expect(await text(store.read('unknown', TEST))).toBe('');
  });

  test('a reset log begins anew', async () => {
    await store.append('run', TEST, chunk('half of the'));

    await store.reset('run', TEST);
    await store.append('run', TEST, chunk('all of the log'));

    expect(await text(store.read('run', TEST))).toBe('all of the log');
    await expect(store.reset('unknown', TEST)).resolves.toBeUndefined();
  });

  test('removing a run removes its logs and its report, and nobody else’s', async () => {
    for (const run of ['run', 'run-2']) {
      await store.append(run, TEST, chunk('text'));
      await store.saveReport(run, { title: run, summary: '' });
    }

    await store.remove('run');

    expect(await text(store.read('run', TEST))).toBe('');
    expect(await store.report('run')).toBeNull();
    expect(await readdir(join(directory, 'logs'))).toEqual(['run-2']);
    expect(await store.report('run-2')).toEqual({ title: 'run-2', summary: '' });
  });

  test('a thousand steps written and half-read at once leave no file open', async () => {
    const steps = Array.from(
      { length: 1_000 },
      (_, index): StepRef => ({ stage: 'test', variant: `v${index}` }),
    );
    const before = openFiles();

    const writes = steps.map((step) => store.append(`run-${step.variant}`, step, chunk('text')));
    await writes[500];
    const during = openFiles();
    await Promise.all(writes);
    for (const step of steps.slice(0, 50))
      for await (const _ of store.read(`run-${step.variant}`, step)) break;
    await store.close();

    expect(during - before).toBeLessThan(100);
    await until(() => openFiles() <= before);
  });

  test('close waits for what was accepted', async () => {
    void store.append('run', TEST, chunk('last words'));

    await store.close();

    expect(await readFile(join(directory, 'logs/run/test.log'), 'utf8')).toBe('last words');
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
    await store.close();
    const restarted = createDiskLogStore({ directory, limitBytes: LIMIT });

    await restarted.append('run', TEST, chunk('y'));

    expect(await text(restarted.read('run', TEST))).toBe(`${'x'.repeat(LIMIT)}\n${NOTE}`);
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

  test('is 20 MB unless said otherwise, and the note says so', async () => {
    const roomy = createDiskLogStore({ directory });

    await roomy.append('run', TEST, { at: new Date(0), bytes: new Uint8Array(20_000_001) });

    const log = await readFile(join(directory, 'logs/run/test.log'));
    expect(log.subarray(20_000_000).toString()).toBe('\ntekton-ci: the log is cut here: more than 20 MB\n');
  });

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

describe('reports', () => {
  const report = { title: 'Skipped', summary: 'No file under web/ changed.\n`ünïcode` </script>' };

  test('the last report saved is the one read, also after a restart', async () => {
    await store.saveReport('gate-1', { title: 'first', summary: '' });
    await store.saveReport('gate-1', report);

    expect(await createDiskLogStore({ directory }).report('gate-1')).toEqual(report);
    expect(await store.report('gate-2')).toBeNull();
    expect(await readdir(join(directory, 'reports'))).toEqual(['gate-1.json']);
  });

  test('a damaged report is an error, not an absent one', async () => {
    await mkdir(join(directory, 'reports'));
    await writeFile(join(directory, 'reports/gate-1.json'), '{"title": 1}');

    await expect(store.report('gate-1')).rejects.toThrow();
  });
});

describe('a disk in trouble', () => {
  const onLinux = existsSync('/dev/full') ? test : test.skip;

  onLinux('a full disk says what to do, and the store goes on', async () => {
    await mkdir(join(directory, 'logs/run'), { recursive: true });
    await symlink('/dev/full', join(directory, 'logs/run/test.log'));

    await expect(store.append('run', TEST, chunk('text'))).rejects.toMatchObject({
      name: 'UserError',
      code: 'log-store-full',
      message: expect.stringContaining(directory),
    });

    await store.append('run', { stage: 'build' }, chunk('text'));
    expect(await text(store.read('run', { stage: 'build' }))).toBe('text');
  });

  test('a directory that is none says what to do', async () => {
    await writeFile(join(directory, 'file'), '');
    const broken = createDiskLogStore({ directory: join(directory, 'file') });

    const failed = { name: 'UserError', code: 'log-store-not-usable' };
    await expect(broken.append('run', TEST, chunk('text'))).rejects.toMatchObject(failed);
    await expect(broken.saveReport('run', { title: '', summary: '' })).rejects.toMatchObject(failed);
    await expect(text(broken.read('run', TEST))).rejects.toMatchObject(failed);
  });
});

function chunk(content: string): { at: Date; bytes: Uint8Array } {
  return { at: new Date(0), bytes: Buffer.from(content) };
}

async function text(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const part of bytes) chunks.push(part);
  return Buffer.concat(chunks).toString();
}

/** Where the system tells; elsewhere always 0. */
function openFiles(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('not within 5 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
