import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMarkFile } from '../../src/logs/mark-file.ts';
import { createStoredBytes } from '../../src/logs/stored-bytes.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-ci-mark-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test('a mark is there again after a restart, to the millisecond', async () => {
  const at = new Date('2026-11-23T10:00:00.123Z');

  await createMarkFile({ directory: join(directory, 'new'), name: 'deliveries' }).save(at);

  expect(await createMarkFile({ directory: join(directory, 'new'), name: 'deliveries' }).load()).toEqual(at);
});

test('a mark that was never made, or is broken, is none', async () => {
  await writeFile(join(directory, 'broken'), 'half a ti');

  expect(await createMarkFile({ directory, name: 'none' }).load()).toBeNull();
  expect(await createMarkFile({ directory, name: 'broken' }).load()).toBeNull();
});

test('stored bytes are those of logs and reports, measured at most every five minutes', async () => {
  let now = 1_000_000;
  const bytes = createStoredBytes(directory, { now: () => new Date(now) });
  expect(await bytes()).toBe(0);

  await createMarkFile({ directory: join(directory, 'logs', 'run'), name: 'test.log' }).save(new Date(0));
  expect(await bytes()).toBe(0);
  now += 6 * 60_000;

  expect(await bytes()).toBe(25);
});
