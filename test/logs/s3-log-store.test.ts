import { env } from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../src/app/ports.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import { createS3LogStore, type S3LogStore, type S3LogStoreOptions } from '../../src/logs/s3-log-store.ts';
import { openS3Objects } from '../../src/logs/s3-objects.ts';
import { createRecordingLog, type RecordingLog } from '../app/fakes/recording-log.ts';
import { chunk, describeLogStore, TEST, text } from './log-store-contract.ts';
import { type Fate, type S3Proxy, startS3Proxy } from './s3-proxy.ts';
import { findS3Server, NO_S3_SERVER, S3_KEY, S3_SECRET, type S3Server, startS3Server } from './s3-server.ts';

const isThere = findS3Server() !== null;
const described = isThere ? describe : describe.skip;
if (!isThere) test.skip(NO_S3_SERVER, () => {});

/** Waits a hundredth of what it is asked for. */
const hastyClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / 100, signal),
};

let server: S3Server;
let proxy: S3Proxy;
let bucket: string;
let log: RecordingLog;

beforeAll(async () => {
  if (!isThere) return;
  server = await startS3Server();
  proxy = await startS3Proxy(server.port);
  env.AWS_ACCESS_KEY_ID = S3_KEY;
  env.AWS_SECRET_ACCESS_KEY = S3_SECRET;
});

afterAll(async () => {
  await proxy?.close();
  await server?.close();
});

beforeEach(async () => {
  log = createRecordingLog();
  if (isThere) bucket = await server.bucket();
});

afterEach(() => proxy?.fate(() => 'pass'));

async function open(
  options: Partial<S3LogStoreOptions> & { readonly endpoint?: string; readonly prefix?: string } = {},
): Promise<S3LogStore> {
  const { endpoint = server.endpoint, prefix = 'some/prefix' } = options;
  const objects = await openS3Objects({ bucket, prefix, region: 'us-east-1', endpoint, pathStyle: true });
  return createS3LogStore({ objects, clock: systemClock, log, ...options });
}

const throughProxy = (options: Partial<S3LogStoreOptions> = {}) =>
  open({ endpoint: proxy.endpoint, clock: hastyClock, ...options });

described('a log store on a real S3-compatible server', () => {
  describeLogStore(async () => {
    const own = await server.bucket();
    return {
      async open(options = {}) {
        bucket = own;
        return open(options);
      },
      async remove() {},
    };
  });
});

const LINES = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${'x'.repeat(index % 90)}\n`);
const WHOLE = LINES.join('');

/** Lines, some at a time, with a look at what becomes of the store in between. */
async function write(store: S3LogStore, during: (index: number) => Promise<void> | void = () => {}) {
  for (let index = 0; index < LINES.length; index += 50) {
    await during(index);
    await store.append('run', TEST, {
      at: new Date(),
      bytes: Buffer.from(LINES.slice(index, index + 50).join('')),
    });
    if (index % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

described('nothing is lost and nothing is doubled', () => {
  test('when the server is killed in the middle, and starts again', async () => {
    const store = await open({ clock: hastyClock });

    const writing = write(store, async (index) => {
      if (index === 1_500) await server.kill();
      if (index !== 4_000) return;
      await until(() => log.lines.length > 0);
      await server.start();
    });
    await writing;
    await store.flush('run', TEST);

    expect(await text(store.read('run', TEST))).toBe(WHOLE);
    await store.close();
    expect(await text((await open()).read('run', TEST))).toBe(WHOLE);
    const told = log.lines.map(({ message }) => message);
    expect(told).toEqual(['logs cannot be stored for now', 'logs are stored again']);
  });

  const FATES: readonly (readonly [string, Fate])[] = [
    ['says 503', { status: 503, code: 'SlowDown' }],
    ['says 500', { status: 500, code: 'InternalError' }],
    ['refuses our credentials for a while', { status: 403, code: 'AccessDenied' }],
    ['cuts connections', 'cut'],
    ['obeys, but its answer is lost', 'lost answer'],
    ['is slow', { waits: 30 }],
  ];

  test.each(FATES)('when the server %s', async (_what, fate) => {
    const store = await throughProxy();
    let count = 0;
    proxy.fate(() => (count++ % 3 === 0 ? 'pass' : fate));

    await write(store);
    await store.flush('run', TEST);
    proxy.fate(() => 'pass');

    expect(await text(store.read('run', TEST))).toBe(WHOLE);
    await store.close();
    expect(await text((await open()).read('run', TEST))).toBe(WHOLE);
  });

  test('when memory is full: who appends is held back until the server is there again', async () => {
    const store = await throughProxy({ heldBytes: 20_000 });
    await store.append('run', TEST, chunk(''));
    proxy.fate(() => ({ status: 503, code: 'SlowDown' }));
    let appended = 0;

    const writing = write(store, (index) => {
      appended = index;
    });
    await until(() => log.lines.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = appended;
    expect(before).toBeLessThan(LINES.length / 2);
    proxy.fate(() => 'pass');
    await writing;
    await store.flush('run', TEST);

    expect(await text(store.read('run', TEST))).toBe(WHOLE);
    await store.close();
  });

  test('when another server has stored other pieces of the same log', async () => {
    const one = await open();
    await one.append('run', TEST, chunk('one\ntwo\nth'));
    const other = await open();
    await other.append('run', TEST, chunk('one\ntwo\nthree\nfour\n'));
    await one.flush('run', TEST);
    await other.flush('run', TEST);

    const reader = await open();
    expect(await text(reader.read('run', TEST))).toBe('one\ntwo\nthree\nfour\n');
    for (let offset = 0; offset < 20; offset += 1)
      expect(await text(reader.read('run', TEST, offset))).toBe('one\ntwo\nthree\nfour\n'.slice(offset));
    expect((await reader.marks('run', TEST)).map(({ line }) => line)).toEqual([1]);
  });

  test('when a removal was interrupted and left the end of a log', async () => {
    const store = await open();
    for (const part of ['one\n', 'two\n', 'three\n']) {
      await store.append('run', TEST, chunk(part));
      await store.flush('run', TEST);
    }
    const objects = await openS3Objects({
      bucket,
      prefix: 'some/prefix',
      region: 'us-east-1',
      endpoint: server.endpoint,
      pathStyle: true,
    });
    const [, second = ''] = await objects.list('logs/run/');
    await objects.delete([second]);

    const later = await open();
    expect(await text(later.read('run', TEST))).toBe('one\n');
    await later.append('run', TEST, chunk('2\n3\n4\n5\n'));
    await later.flush('run', TEST);

    expect(await text((await open()).read('run', TEST))).toBe('one\n2\n3\n4\n5\n');
  });
});

described('what it costs', () => {
  test('lines that wait are read before they are stored, and a log of lines far apart has few pieces', async () => {
    const store = await throughProxy({ clock: systemClock });
    await store.append('run', TEST, chunk('one\n'));
    proxy.fate(() => 'pass');
    const before = proxy.requests.length;

    for (let line = 0; line < 100; line += 1) await store.append('run', TEST, chunk(`line ${line}\n`));
    expect(await text(store.read('run', TEST))).toContain('line 99\n');
    expect((await store.marks('run', TEST)).length).toBe(1);
    expect(proxy.requests.slice(before).filter((request) => request.startsWith('PUT'))).toEqual([]);
    await store.flush('run', TEST);

    expect(proxy.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(
      proxy.requests.slice(0, before).filter((request) => request.startsWith('PUT')).length + 1,
    );
  });

  test('a log of 10 MB that comes at once is stored with a request for each megabyte or so', async () => {
    const store = await throughProxy();
    const before = proxy.requests.length;
    const lines = Buffer.from('0123456789abcdef 0123456789abcdef\n'.repeat(2_000));

    for (let part = 0; part < 150; part += 1)
      await store.append('run', TEST, { at: new Date(0), bytes: lines });
    await store.flush('run', TEST);

    const puts = proxy.requests.slice(before).filter((request) => request.startsWith('PUT'));
    expect(puts.length).toBeLessThan(30);
    expect((await text(store.read('run', TEST))).length).toBe(150 * lines.length);
    const marks = await store.marks('run', TEST);
    expect(marks.length).toBeGreaterThan(100);
    for (const { line, offset } of marks) expect(offset).toBe((line - 1) * 34);
  });

  test('a stop does not wait for ever for a server that is gone, and says what it did not store', async () => {
    const store = await throughProxy();
    await store.append('run', TEST, chunk(''));
    proxy.fate(() => 'cut');
    await store.append('run', TEST, chunk('lost here, copied again later\n'));

    await store.close();

    expect(log.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: 'logs were not stored before the stop',
      fields: { bytes: 30 },
    });
    await expect(store.append('run', TEST, chunk('more'))).rejects.toThrow('closed');
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('not within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
