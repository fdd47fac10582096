import { env } from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock as clock } from '../../src/local/system-clock.ts';
import { openLogStore } from '../../src/logs/open-log-store.ts';
import { createRecordingLog } from '../app/fakes/recording-log.ts';
import { completed } from '../e2e/world.ts';
import {
  findS3Server,
  NO_S3_SERVER,
  S3_KEY,
  S3_SECRET,
  type S3Server,
  startS3Server,
} from '../logs/s3-server.ts';
import { type AppWorld, startAppWorld } from './app-world.ts';
import { until } from './control-plane.ts';

const isThere = findS3Server() !== null;
const described = isThere ? describe : describe.skip;
if (!isThere) test.skip(NO_S3_SERVER, () => {});

const LINES = 200_000;
const FILES = { '.tekton-ci.yml': 'use: alpine:3.22\ntest: make\n' };

described('two servers that share a bucket', () => {
  let s3: S3Server;
  let world: AppWorld;
  let bucket: string;

  beforeAll(async () => {
    s3 = await startS3Server();
    bucket = await s3.bucket();
    env.AWS_ACCESS_KEY_ID = S3_KEY;
    env.AWS_SECRET_ACCESS_KEY = S3_SECRET;
    world = await startAppWorld({
      env: {
        TEKTON_CI_LOG_STORE: `s3://${bucket}`,
        TEKTON_CI_S3_ENDPOINT: s3.endpoint,
        AWS_ACCESS_KEY_ID: S3_KEY,
        AWS_SECRET_ACCESS_KEY: S3_SECRET,
      },
    });
  });

  afterAll(async () => {
    expect(world?.github.violations).toEqual([]);
    await world?.close();
    await s3?.close();
  });

  test('show one log, and lose no line of it when the one that copies it is killed', async () => {
    const { github, tekton } = world;
    await until(() => world.server().log().includes('"msg":"leads"'), 'the first server to lead');
    const other = await world.join();
    tekton.run(async ({ step, log }) => {
      if (step !== 'test') return 0;
      for (let line = 0; line < LINES; line += 1) {
        log(`line ${line}`);
        if (line % 5_000 === 0) await clock.sleep(50);
        if (line === LINES / 2) await world.kill('SIGKILL');
      }
      return 0;
    });
    const repository = await world.repository('shared');
    const { sha } = await github.pushFiles(repository, { files: FILES });
    const [check] = await world.checked({ repository, sha }, completed, 120);

    const numbered = Array.from({ length: LINES }, (_, index) => `line ${index}\n`).join('');
    const place = { bucket, prefix: '', region: 'us-east-1', endpoint: s3.endpoint, pathStyle: true };
    const { logStore } = await openLogStore(place, { directory: '', clock, log: createRecordingLog() });
    const parts: Uint8Array[] = [];
    for await (const bytes of logStore.read(check?.externalId ?? '', { stage: 'test' })) parts.push(bytes);
    expect(Buffer.concat(parts).toString() === numbered).toBe(true);
    const path = new URL(check?.detailsUrl ?? '').pathname;
    const page = await (await fetch(`${other.url}${path}`)).text();
    expect(page).toContain(`line ${LINES - 1}`);
  }, 180_000);
});
