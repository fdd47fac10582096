import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { completed, startWorld, type World } from '../test/e2e/world.ts';
import { startApp } from '../test/server/start-app.ts';
import { COLLECTING_SERVER, type Memory, readMemory } from './server-memory.ts';
import { quantile, type Row } from './table.ts';

const RUNS = 1000;
const ROUNDS = 5;

/** The server's start, and what it takes when it has, with finished runs in the data directory and in turn with none. */
export async function benchFinishedRuns(): Promise<Row[]> {
  const world = await startWorld();
  try {
    await makeFinishedRuns(world);
    const none: Start[] = [];
    const full: Start[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const empty = await mkdtemp(join(tmpdir(), 'tekton-ci-bench-'));
      const unloaded = await start(world, empty);
      const loaded = await start(world, world.data);
      await rm(empty, { recursive: true });
      // The first one warms the disk's cache up.
      if (round === 0) continue;
      none.push(unloaded);
      full.push(loaded);
    }
    const { length } = await readdir(join(world.data, 'runs'));
    if (length !== RUNS) throw new Error(`${length} runs are left of ${RUNS}`);
    return rowsOf(none, full);
  } finally {
    await world.close();
  }
}

/** One real run, reported, and then its like. */
async function makeFinishedRuns({ data, ...world }: World): Promise<void> {
  const repository = await world.repository('bench');
  const files = { '.tekton-ci.yml': 'use: alpine:3.22\ntest: exit 0\n' };
  const { sha } = await world.github.pushFiles(repository, { files });
  await world.until(repository, sha, completed);
  await world.server.stop();
  const runs = join(data, 'runs');
  const [name] = await readdir(runs);
  if (name === undefined) throw new Error('the push made no run');
  const state = await readFile(join(runs, name, 'state.json'), 'utf8');
  for (let number = 1; number < RUNS; number += 1) {
    const otherSha = number.toString(16).padStart(40, '0');
    const other = `bench-${number.toString(16).padStart(8, '0')}`;
    await cp(join(runs, name), join(runs, other), { recursive: true });
    const copy = {
      ...JSON.parse(state.replaceAll(name, other).replaceAll(sha, otherSha)),
      sequence: number + 1,
    };
    await writeFile(join(runs, other, 'state.json'), `${JSON.stringify(copy)}\n`);
    await cp(join(data, 'logs', name), join(data, 'logs', other), { recursive: true });
  }
}

interface Start extends Memory {
  readonly milliseconds: number;
}

async function start({ github, app }: World, data: string): Promise<Start> {
  const begun = performance.now();
  const server = await startApp({
    github,
    app,
    data,
    env: { TEKTON_CI_SWEEP_INTERVAL: '3600' },
    program: COLLECTING_SERVER,
  });
  const milliseconds = performance.now() - begun;
  try {
    // What is left to do after the start.
    await setTimeout(500);
    return { milliseconds, ...(await readMemory(server)) };
  } finally {
    await server.stop();
  }
}

function rowsOf(none: readonly Start[], full: readonly Start[]): Row[] {
  const median = (starts: readonly Start[], of: keyof Start) =>
    quantile(
      starts.map((one) => one[of]),
      0.5,
    );
  const started = median(none, 'milliseconds');
  const memory = (of: 'heap' | 'rss', what: string): Row[] => [
    {
      name: `${what} without runs`,
      value: median(none, of) / 1e6,
      unit: 'MB',
      note: 'after collecting garbage',
    },
    {
      name: `${what} with ${RUNS} finished runs`,
      value: median(full, of) / 1e6,
      unit: 'MB',
      note: 'after collecting garbage',
    },
  ];
  return [
    {
      name: 'start of the server without runs',
      value: started,
      unit: 'ms',
      note: `median of ${ROUNDS}, until it is started, whole process`,
    },
    { name: `start with ${RUNS} finished runs`, value: median(full, 'milliseconds'), unit: 'ms' },
    {
      name: `start with ${RUNS} finished runs`,
      value: median(full, 'milliseconds') / started,
      unit: '×',
      note: 'of a start without runs',
    },
    ...memory('heap', 'heap'),
    ...memory('rss', 'resident memory'),
  ];
}
