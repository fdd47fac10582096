import { env } from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock as clock } from '../../src/local/system-clock.ts';
import { openLogStore } from '../../src/logs/open-log-store.ts';
import { createRecordingLog } from '../app/fakes/recording-log.ts';
import { TEST, text } from './log-store-contract.ts';
import { startS3Proxy } from './s3-proxy.ts';
import { findS3Server, NO_S3_SERVER, S3_KEY, S3_SECRET, type S3Server, startS3Server } from './s3-server.ts';

const isThere = findS3Server() !== null;
const described = isThere ? describe : describe.skip;
if (!isThere) test.skip(NO_S3_SERVER, () => {});

let server: S3Server;
let bucket: string;

beforeAll(async () => {
  env.AWS_ACCESS_KEY_ID = S3_KEY;
  env.AWS_SECRET_ACCESS_KEY = S3_SECRET;
  if (!isThere) return;
  server = await startS3Server();
  bucket = await server.bucket();
});

afterAll(() => server?.close());

const options = () => ({ directory: '/nowhere', clock, log: createRecordingLog() });

const place = (more: object = {}) => ({
  bucket,
  prefix: 'ci',
  region: 'us-east-1',
  endpoint: server.endpoint,
  pathStyle: true,
  ...more,
});

described('a bucket is opened', () => {
  test('and its size is for others to count', async () => {
    const { logStore, storedBytes } = await openLogStore(place(), options());

    expect(await storedBytes()).toBeNaN();
    await logStore.close();
  });

  test('although it does not answer: lines wait until it does', async () => {
    const { log, ...others } = options();
    await server.kill();
    const { logStore } = await openLogStore(place(), { ...others, log });
    const appended = logStore.append('run', TEST, { at: new Date(), bytes: Buffer.from('one\n') });
    expect(log.messages('warn')).toContain('the log store does not answer');

    await server.start();
    await appended;
    await logStore.flush?.('run', TEST);

    expect(await text(logStore.read('run', TEST))).toBe('one\n');
    await logStore.close();
  }, 30_000);

  test.each([
    ['bucket is missing', { bucket: 'nobody-made-me' }, 'log-store-bucket-missing'],
    ['region is another', { region: 'eu-west-1' }, 'log-store-wrong-region'],
  ])('unless its %s', async (_what, more, code) => {
    await expect(openLogStore(place(more), options())).rejects.toMatchObject({ name: 'UserError', code });
  });

  test('unless its credentials are wrong', async () => {
    env.AWS_SECRET_ACCESS_KEY = 'another';
    try {
      const failed = openLogStore(place(), options());
      await expect(failed).rejects.toMatchObject({
        code: 'log-store-refused',
        message: expect.stringMatching(
          /^Logs may not be kept at s3:\/\/logs-\w+\/ci \(SignatureDoesNotMatch\)/,
        ),
      });
      await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('another') });
    } finally {
      env.AWS_SECRET_ACCESS_KEY = S3_SECRET;
    }
  });

  test('unless the credentials may not write', async () => {
    const proxy = await startS3Proxy(server.port);
    proxy.fate((request) => (request.startsWith('PUT') ? { status: 403, code: 'AccessDenied' } : 'pass'));

    await expect(openLogStore(place({ endpoint: proxy.endpoint }), options())).rejects.toMatchObject({
      code: 'log-store-refused',
    });
    await proxy.close();
  });
});
