import { type AppWorld, startAppWorld } from '../test/api/app-world.ts';
import { startControlPlane, until } from '../test/api/control-plane.ts';
import { findPrograms } from '../test/api/programs.ts';
import { COLLECTING_SERVER, type Memory, readMemory } from './server-memory.ts';
import { quantile, type Row } from './table.ts';

/** Pushes, of which each becomes a run that lives until the end. */
const PUSHES = 500;
const RUNS = 2 * PUSHES;
/** With the one that warms up. */
const LIVE = RUNS + 1;

const FILES = { '.tekton-ci.yml': 'use: alpine:3.22\ntest: make\n' };

/** Signed pushes to the real server, with a real API server behind it: how long until the PipelineRun is there, and what live runs take. */
export async function benchKubernetes(): Promise<Row[]> {
  const programs = findPrograms();
  if (programs.missing !== null) {
    process.stderr.write(`  skipped: ${programs.missing}\n`);
    return [];
  }
  const plane = await startControlPlane(programs);
  try {
    const world = await startAppWorld({
      plane: plane.address,
      program: COLLECTING_SERVER,
      env: { TEKTON_CI_SWEEP_INTERVAL: '3600' },
      settings: { limits: { perRepository: LIVE, total: LIVE } },
    });
    try {
      return rowsOf(await measure(world));
    } finally {
      await world.close();
    }
  } finally {
    await plane.stop();
  }
}

interface Measured {
  /** Milliseconds from each signed push to its answer, which is given when the PipelineRun is there. */
  readonly answers: readonly number[];
  readonly none: Memory;
  readonly half: Memory;
  readonly all: Memory;
}

async function measure(world: AppWorld): Promise<Measured> {
  const { github, tekton } = world;
  let running = 0;
  tekton.run(({ step }) => {
    if (step !== 'test') return 0;
    running += 1;
    return new Promise(() => {});
  });
  const repository = await world.repository('bench');
  const push = async (number: number) => {
    const files = { ...FILES, 'number.txt': String(number) };
    const { delivery } = await github.pushFiles(repository, { files });
    const { durationMs, statusCode } = (await delivery) ?? {};
    if (durationMs === undefined || statusCode !== 200) throw new Error(`a push was answered ${statusCode}`);
    return durationMs;
  };
  const settle = async (count: number) => {
    await until(() => running === count, `${count} runs to be under way`, 300_000);
    return readMemory(world.server());
  };
  await push(0);
  const none = await settle(1);
  const answers: number[] = [];
  for (let number = 1; number <= PUSHES; number += 1) answers.push(await push(number));
  const half = await settle(PUSHES + 1);
  for (let number = PUSHES + 1; number <= RUNS; number += 1) await push(number);
  const all = await settle(LIVE);
  const made = (await world.runs()).length;
  if (made !== LIVE) throw new Error(`${made} runs were made of ${LIVE} pushes`);
  return { answers, none, half, all };
}

function rowsOf({ answers, none, half, all }: Measured): Row[] {
  const each = (of: keyof Memory) => (all[of] - none[of]) / RUNS / 1e3;
  return [
    {
      name: 'push → PipelineRun made, p50',
      value: quantile(answers, 0.5),
      unit: 'ms',
      note: `of ${PUSHES}, signed, real API server; every run begins`,
    },
    { name: 'push → PipelineRun made, p99', value: quantile(answers, 0.99), unit: 'ms' },
    {
      name: `heap with ${RUNS} live runs on Kubernetes`,
      value: all.heap / 1e6,
      unit: 'MB',
      note: 'whole server, a log of each is followed; after collecting garbage',
    },
    { name: `resident memory with ${RUNS} live runs on Kubernetes`, value: all.rss / 1e6, unit: 'MB' },
    { name: 'heap for each live run on Kubernetes', value: each('heap'), unit: 'KB' },
    { name: 'resident memory for each live run on Kubernetes', value: each('rss'), unit: 'KB' },
    {
      name: 'slope on Kubernetes, second half over first',
      value: (all.heap - half.heap) / (half.heap - none.heap),
      unit: '×',
      note: 'of the heap; 1 is linear',
    },
  ];
}
