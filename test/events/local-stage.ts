import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalEngine } from '../../src/local/local-engine.ts';
import type { Runtime, StepLaunch } from '../../src/local/runtime.ts';
import { createRecordingLog } from '../app/fakes/recording-log.ts';
import { createHeldRuns, type HeldRuns } from './held-runs.ts';
import type { ScenarioStage } from './scenario-world.ts';
import { shareEngine } from './shared-engine.ts';

/** More than are ever held. */
const CONCURRENCY = 1000;

/** A local engine in a directory of its own, whose steps are no processes. */
export async function startLocalEngine(): Promise<ScenarioStage> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-ci-orders-'));
  const held = createHeldRuns();
  const runtime = heldRuntime(held);
  const log = createRecordingLog();
  const engine = createLocalEngine({ directory, concurrency: CONCURRENCY, held: true, runtime, log });
  await engine.ready();
  const shared = await shareEngine(engine, { held, namespace: 'ci' });
  return {
    ...shared,
    async stop() {
      await shared.stop();
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function heldRuntime(held: HeldRuns): Runtime {
  return {
    containers: false,
    refuse: () => null,
    runStep: (launch) => runStep(held, launch),
    async endLeftover() {},
  };
}

/** The pipeline has them for its own. */
const RESULTS_OF_CLONE = ['commit', 'url'];
/** By SIGTERM. */
const STOPPED = 143;

async function runStep(held: HeldRuns, launch: StepLaunch): Promise<number> {
  const { run, name, directory, logFile, onProcess, stop } = launch;
  await onProcess(null);
  await appendFile(logFile, `${name} says hello\n`);
  for (const result of name === 'clone' ? RESULTS_OF_CLONE : [])
    await writeFile(join(directory, 'results', result), 'any');
  const stopped = Promise.withResolvers<number>();
  stop.addEventListener('abort', () => stopped.resolve(STOPPED));
  if (stop.aborted) stopped.resolve(STOPPED);
  return Promise.race([held.exitCode(run, name), stopped.promise]);
}
