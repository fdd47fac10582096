import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LogStore } from '../../src/app/ports.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import { createDiskLogStore } from '../../src/logs/disk-log-store.ts';
import { createS3LogStore } from '../../src/logs/s3-log-store.ts';
import { openS3Objects } from '../../src/logs/s3-objects.ts';
import { createRecordingLog } from '../app/fakes/recording-log.ts';
import { startUnsteadyWorld, type UnsteadyWorld } from '../e2e/unsteady-world.ts';
import { completed, shellProject } from '../e2e/world.ts';
import {
  findS3Server,
  NO_S3_SERVER,
  S3_KEY,
  S3_SECRET,
  type S3Server,
  startS3Server,
} from '../logs/s3-server.ts';

const LINES = 200_000;
const NUMBERED = Array.from({ length: LINES }, (_, index) => `line ${index}`);

let folder: string;
let world: UnsteadyWorld;
let s3: S3Server | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tekton-ci-streaming-'));
  if (findS3Server() !== null) s3 = await startS3Server();
  env.AWS_ACCESS_KEY_ID = S3_KEY;
  env.AWS_SECRET_ACCESS_KEY = S3_SECRET;
});

afterEach(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

afterAll(async () => {
  await s3?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Prints the lines; in the middle of its first executions it makes a file that tells, and waits to be ended. */
function printer(mark: string, waits: number): string {
  const program = `BEGIN { for (i = 0; i < ${LINES}; i++) { print "line " i; if (i == ${LINES / 2} && n < ${waits}) { fflush(); system("touch ${mark}." n "; sleep 5") } } }`;
  return `n=$(cat ${mark}.count 2>/dev/null || echo 0); echo $((n + 1)) > ${mark}.count; awk -v n=$n '${program}'`;
}

/** Resolves with the log that is stored of a test that prints, and does something in the middle of its executions. */
async function storedLog(
  name: string,
  store: LogStore,
  during: readonly (() => Promise<void>)[],
): Promise<string> {
  return readLog(store, await printed(name, during));
}

/** Resolves with the run's name once its check is completed. */
async function printed(name: string, during: readonly (() => Promise<void>)[]): Promise<string> {
  const mark = join(folder, name);
  const repository = await world.repository(name);
  const { sha } = await world.github.pushFiles(repository, {
    files: shellProject(printer(mark, during.length)),
  });
  for (const [execution, act] of during.entries()) {
    await world.until(
      () => existsSync(`${mark}.${execution}`),
      () => `execution ${execution}`,
      60,
    );
    await act();
  }
  const checks = () => world.github.checks(repository, sha);
  await world.until(
    () => completed(checks()),
    () => JSON.stringify(checks()),
    120,
  );
  expect(checks().map(({ conclusion }) => conclusion)).toEqual(['success']);
  return checks()[0]?.externalId ?? '';
}

async function readLog(store: LogStore, run: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const bytes of store.read(run, { stage: 'test' })) parts.push(bytes);
  return Buffer.concat(parts).toString();
}

/** Where what the step printed is not the numbered lines; null when it is. Around them are a line of the engine's and a group. */
function firstDifference(log: string): string | null {
  const lines = log.split('\n').filter((line) => !/^(tekton-ci: running|::|$)/.test(line));
  const at = NUMBERED.findIndex((line, index) => line !== lines[index]);
  if (at === -1 && lines.length === LINES) return null;
  return `${lines.length} lines, at ${at}: ${JSON.stringify(lines.slice(Math.max(0, at - 2), at + 3))}`;
}

test('a log of 200,000 lines is whole and single on disk when the server is killed, and stopped, in the middle', async () => {
  world = await startUnsteadyWorld();

  const log = await storedLog('disk', createDiskLogStore({ directory: world.data }), [
    async () => {
      await world.kill('SIGKILL');
      await world.start();
    },
    async () => {
      await world.kill('SIGTERM');
      await world.start();
    },
  ]);

  expect(firstDifference(log)).toBeNull();
}, 240_000);

const described = findS3Server() === null ? describe.skip : describe;
if (findS3Server() === null) test.skip(NO_S3_SERVER, () => {});

described('with S3 a log of 200,000 lines is whole and single', () => {
  async function startWithS3(): Promise<{ store: LogStore; s3: S3Server }> {
    const server = s3 ?? (await startS3Server());
    const bucket = await server.bucket();
    world = await startUnsteadyWorld({
      TEKTON_CI_LOG_STORE: `s3://${bucket}/ci`,
      TEKTON_CI_S3_ENDPOINT: server.endpoint,
      AWS_ACCESS_KEY_ID: S3_KEY,
      AWS_SECRET_ACCESS_KEY: S3_SECRET,
    });
    const place = { bucket, prefix: 'ci', region: 'us-east-1', endpoint: server.endpoint, pathStyle: true };
    const objects = await openS3Objects(place);
    return {
      store: createS3LogStore({ objects, clock: systemClock, log: createRecordingLog() }),
      s3: server,
    };
  }

  test('when the server is killed, and stopped while S3 is gone, in the middle', async () => {
    const { store, s3: server } = await startWithS3();

    const log = await storedLog('killed', store, [
      async () => {
        await world.kill('SIGKILL');
        await world.start();
      },
      async () => {
        await server.kill();
        await world.kill('SIGTERM');
        await world.start();
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        await server.start();
      },
    ]);

    expect(firstDifference(log)).toBeNull();
  }, 240_000);

  test('when S3 is gone for ten seconds in the middle', async () => {
    const { store, s3: server } = await startWithS3();

    const log = await storedLog('gone', store, [
      async () => {
        await server.kill();
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        await server.start();
      },
    ]);

    expect(firstDifference(log)).toBeNull();
    expect(world.server().log()).toContain('logs are stored again');
  }, 240_000);

  test('when S3 is gone until after the verdict, and the server is killed before it is back', async () => {
    const { store, s3: server } = await startWithS3();

    const run = await printed('late', [() => server.kill()]);
    await world.kill('SIGKILL');
    await server.start();
    expect(firstDifference(await readLog(store, run))).not.toBeNull();
    await world.start();

    const deadline = Date.now() + 60_000;
    let difference = firstDifference(await readLog(store, run));
    while (difference !== null && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      difference = firstDifference(await readLog(store, run));
    }
    expect(difference).toBeNull();
  }, 240_000);
});
