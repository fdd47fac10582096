import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../src/app/ports.ts';
import { ANNOTATION } from '../src/core/pipeline/annotations.ts';
import type { Run } from '../src/core/pipeline/run.ts';
import { createHostRuntime } from '../src/local/host-runtime.ts';
import { createLocalEngine, type LocalEngine } from '../src/local/local-engine.ts';
import { quantile, type Row } from './table.ts';

const ROUNDS = 21;
const STEPS = 10;
const PATH = process.env.PATH ?? '';

const log: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => log };

/** Runs whose steps are `true`, in turn with a shell for each of the same commands: what the embedded engine adds. */
export async function benchEngine(): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-ci-bench-'));
  const engine = createLocalEngine({
    directory,
    concurrency: 1,
    runtime: createHostRuntime({ path: PATH }),
    log,
  });
  try {
    await engine.ready();
    const one = await measure(engine, 1);
    const ten = await measure(engine, STEPS);
    return [
      ...rowsOf('1 step', one),
      ...rowsOf(`${STEPS} steps`, ten),
      {
        name: 'engine, for each further step',
        value: (ten.engine - one.engine) / (STEPS - 1),
        unit: 'ms',
        note: `a shell alone takes ${((ten.shell - one.shell) / (STEPS - 1)).toPrecision(3)} ms`,
      },
    ];
  } finally {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  }
}

interface Times {
  /** Milliseconds, medians. */
  readonly engine: number;
  readonly shell: number;
}

async function measure(engine: LocalEngine, steps: number): Promise<Times> {
  const times = { engine: [] as number[], shell: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const run = runOf(steps, `steps-${steps}-${round}`);
    const byEngine = await time(() => execute(engine, run));
    const byShell = await time(() => shell(steps));
    // The first one warms both up.
    if (round === 0) continue;
    times.engine.push(byEngine);
    times.shell.push(byShell);
  }
  return { engine: quantile(times.engine, 0.5), shell: quantile(times.shell, 0.5) };
}

async function time(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** From the submission until the run's end is durable. */
async function execute(engine: LocalEngine, run: Run): Promise<void> {
  const stopped = new AbortController();
  let verdict = 'unknown';
  await engine.submit(run, {});
  await engine.watch(({ name, status }) => {
    if (name !== run.name || status.phase !== 'done') return;
    ({ verdict } = status);
    stopped.abort();
  }, stopped.signal);
  if (verdict !== 'succeeded') throw new Error(`the run ended as ${verdict}`);
}

function shell(times: number): void {
  for (let time = 0; time < times; time += 1) {
    const { status } = spawnSync('/bin/sh', ['-c', 'true'], { stdio: 'ignore', env: { PATH } });
    if (status !== 0) throw new Error(`the shell ended with ${status}`);
  }
}

function runOf(count: number, name: string): Run {
  const names = Array.from({ length: count }, (_, index) => `test-${index}`);
  const steps = names.map((step) => ({ stage: 'test', variant: step, task: 'ci', step }) as const);
  return {
    name,
    key: {
      repositoryId: 1,
      project: '.',
      sha: '0'.repeat(40),
      tag: null,
      purpose: 'verify',
      trust: 'trusted',
      base: null,
      attempt: 1,
    },
    steps,
    pipelineRun: {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: {
        name,
        namespace: 'ci',
        labels: {},
        annotations: { [ANNOTATION.key]: name, [ANNOTATION.steps]: JSON.stringify(steps) },
      },
      spec: {
        pipelineSpec: {
          tasks: [
            {
              name: 'ci',
              taskSpec: {
                steps: names.map((step) => ({ name: step, image: 'alpine', script: '#!/bin/sh\ntrue\n' })),
              },
            },
          ],
        },
      },
    },
  };
}

function rowsOf(size: string, { engine, shell: alone }: Times): Row[] {
  return [
    {
      name: `engine, run of ${size}`,
      value: engine,
      unit: 'ms',
      note: `median of ${ROUNDS}, steps of \`true\`, runtime host`,
    },
    { name: `engine, run of ${size}`, value: engine / alone, unit: '×', note: 'of a shell for each `true`' },
  ];
}
