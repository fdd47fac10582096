import { randomUUID } from 'node:crypto';
import { type Clock, type Log, RunConflictError, type RunCredentials } from '../app/ports.ts';
import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { Run, RunName } from '../core/pipeline/run.ts';
import { refuseByRuntime } from './refuse-by-runtime.ts';
import type { RunQueue } from './run-queue.ts';
import type { RunRegistry } from './run-registry.ts';
import type { RunStore } from './run-store.ts';
import type { Runtime } from './runtime.ts';
import type { StoredRun } from './stored-run.ts';
import { refuseUnsupported } from './supported-pipeline-run.ts';

export interface RunSubmitterOptions {
  readonly store: RunStore;
  readonly registry: RunRegistry;
  readonly queue: RunQueue;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RunSubmitter {
  /** Throws a `UserError` for a run that this engine or its runtime cannot execute. */
  check(run: Run): void;
  /** Resolves once the run is durable, or was before. Rejects with `RunConflictError`, or with the disk's error. */
  submit(run: Run, credentials: RunCredentials): Promise<void>;
  /** Resolves when no submission is under way. */
  settled(): Promise<void>;
}

export function createRunSubmitter(options: RunSubmitterOptions): RunSubmitter {
  const { registry, runtime } = options;
  const underWay = new Map<RunName, Promise<void>>();
  return {
    check: (run) => check(run, runtime),
    async submit(run, credentials) {
      // The same run at once again: it waits for what becomes of the one before.
      for (let other = underWay.get(run.name); other !== undefined; other = underWay.get(run.name)) {
        await other.catch(() => {});
      }
      const known = registry.get(run.name);
      if (known !== undefined) return refuseOtherKey(run, known);
      const creation = create(options, run, credentials).finally(() => underWay.delete(run.name));
      underWay.set(run.name, creation);
      await creation;
    },
    async settled() {
      await Promise.allSettled(underWay.values());
    },
  };
}

function check(run: Run, runtime: Runtime): void {
  refuseUnsupported(run.pipelineRun);
  if (run.name !== run.pipelineRun.metadata.name)
    throw new Error(`The run ${run.name} has a PipelineRun named ${run.pipelineRun.metadata.name}`);
  refuseByRuntime(run, runtime);
}

function refuseOtherKey(run: Run, known: StoredRun): void {
  if (known.annotations[ANNOTATION.key] === run.pipelineRun.metadata.annotations[ANNOTATION.key]) return;
  throw new RunConflictError(`There is a run ${run.name} of another key`);
}

async function create(options: RunSubmitterOptions, run: Run, credentials: RunCredentials): Promise<void> {
  const { store, registry, queue, clock, log } = options;
  const stored: StoredRun = {
    name: run.name,
    sequence: registry.nextSequence(),
    uid: randomUUID(),
    createdAt: clock.now(),
    annotations: run.pipelineRun.metadata.annotations,
    steps: run.steps,
    status: { phase: 'pending', ahead: 0 },
    tasks: {},
    turns: {},
    processes: [],
    restarts: 0,
  };
  await store.create(stored, run.pipelineRun, credentials);
  log.info({ run: run.name }, 'run submitted');
  // First the queue, so that watchers hear the run's place at once.
  queue.add(run.name);
  registry.add(stored);
}
