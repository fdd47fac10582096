import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StepRef } from '../../src/core/pipeline/run.ts';
import { createDiskLogStore, type DiskLogStore } from '../../src/logs/disk-log-store.ts';
import { chunk, describeLogStore, TEST, text } from './log-store-contract.ts';

describe('a log store on disk', () => {
  describeLogStore(async () => {
    const place = mkdtempSync(join(tmpdir(), 'tekton-ci-logs-'));
    return {
      open: async (options) => createDiskLogStore({ directory: place, ...options }),
      remove: async () => rmSync(place, { recursive: true, force: true }),
    };
  });
});

let directory: string;
let store: DiskLogStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tekton-ci-logs-'));
  store = createDiskLogStore({ directory });
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('files', () => {
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
});

describe('reports', () => {
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
