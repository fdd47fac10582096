import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDiskLogStore } from '../../src/logs/disk-log-store.ts';
import { completed } from '../e2e/world.ts';
import type { CheckState } from '../github/check-store.ts';
import { type AppWorld, startAppWorld } from './app-world.ts';
import { type ControlPlane, startControlPlane, until } from './control-plane.ts';
import { findPrograms } from './programs.ts';

let plane: ControlPlane;
let world: AppWorld;

beforeAll(async () => {
  plane = await startControlPlane(findPrograms());
  world = await startAppWorld({ plane: plane.address });
});

afterAll(async () => {
  expect(world?.github.violations).toEqual([]);
  await world?.close();
  await plane?.stop();
});

const OUTAGE_MS = 20_000;
const LINES = 200_000;
const FILES = { '.tekton-ci.yml': 'use: alpine:3.22\ntest: make\n' };

async function storedLog(check: CheckState | undefined): Promise<string> {
  const store = createDiskLogStore({ directory: world.data });
  const parts: Uint8Array[] = [];
  for await (const bytes of store.read(check?.externalId ?? '', { stage: 'test' })) parts.push(bytes);
  return Buffer.concat(parts).toString();
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');

/** A push whose test prints lines, some at a time, and does something in between. */
async function printing(
  name: string,
  during: Readonly<Record<number, () => Promise<void>>>,
): Promise<string> {
  const { github, tekton } = world;
  const stops = Object.keys(during).map(Number);
  tekton.run(async ({ step, log }) => {
    if (step !== 'test') return 0;
    for (let line = 0; line < LINES; line += 1) {
      log(`line ${line}`);
      if (line % 5_000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      if (stops.includes(line)) await during[line]?.();
    }
    return 0;
  });
  const repository = await world.repository(name);
  const { sha } = await github.pushFiles(repository, { files: FILES });
  const [check] = await world.checked({ repository, sha }, completed, 120);
  // A server that was started again may still be storing when the check is completed after half a minute.
  await until(
    async () => (await storedLog(check)).length >= numbered(LINES).length,
    'the whole log',
    60_000,
  ).catch(() => {});
  return storedLog(check);
}

test('an API server that is gone for 20 s in the middle of a log, and while its step ends, costs no line', async () => {
  const away = async () => {
    await plane.kill();
    void new Promise((resolve) => setTimeout(resolve, OUTAGE_MS)).then(() => plane.restart());
  };

  expect((await printing('outage', { 7000: away })) === numbered(LINES)).toBe(true);
}, 180_000);

test('a server that is killed, and one that is stopped, in the middle of a log cost no line', async () => {
  const log = await printing('restart', {
    5000: async () => {
      await world.kill();
      await world.start();
    },
    12000: async () => {
      await world.kill('SIGTERM');
      await world.start();
    },
  });

  expect(log === numbered(LINES)).toBe(true);
}, 180_000);
