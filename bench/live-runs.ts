/** Makes live runs, waiting and running, and prints the heap before, half-way and after, in bytes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFollower } from '../src/app/checks/follow-runs.ts';
import type { Checks } from '../src/app/github-ports.ts';
import type { Log } from '../src/app/ports.ts';
import { createSecretRegister } from '../src/app/runs/secret-register.ts';
import { createHostRuntime } from '../src/local/host-runtime.ts';
import { createLocalEngine } from '../src/local/local-engine.ts';
import { systemClock as clock } from '../src/local/system-clock.ts';
import { createDiskLogStore } from '../src/logs/disk-log-store.ts';
import { renderSample } from './render-sample.ts';

const RUNS = 1000;

const log: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => log };
let checkIds = 0;
const checks: Checks = {
  create: async () => ++checkIds,
  update: async () => {},
  list: async () => [],
};

const directory = await mkdtemp(join(tmpdir(), 'tekton-ci-memory-'));
const runtime = createHostRuntime({ path: process.env.PATH ?? '' });
const engine = createLocalEngine({ directory, concurrency: 2, runtime, log, clock });
await engine.ready();
const logStore = createDiskLogStore({ directory });
const follower = createFollower({
  engine,
  checks,
  pullRequests: { pull: async () => null },
  repositories: { lineCounts: async () => new Map() },
  logStore,
  secrets: createSecretRegister(clock),
  metrics: { checkMade() {}, reported() {}, reportRetried() {} },
  links: { url: (name) => `https://ci.example.com/runs/${name}` },
  clock,
  log,
});
const stopped = new AbortController();
const following = follower.follow(stopped.signal).catch(() => {});
follower.report(stopped.signal);

const none = heap();
await submit(0, RUNS / 2);
const half = heap();
await submit(RUNS / 2, RUNS);
const all = heap();
console.log(JSON.stringify({ runs: RUNS, none, half, all }));

stopped.abort();
await engine.close();
await following;
await rm(directory, { recursive: true, force: true });

async function submit(from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += 1) await engine.submit(renderSample(number), {});
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
