import type { RunName, StepRef } from '../../core/pipeline/run.ts';
import type { StepStatus } from '../../core/pipeline/run-status.ts';
import { createFailureReader, type StepFailure } from '../../core/report/failures/read-failure.ts';
import { createLineMasker, type LineMasker } from '../../core/report/line-masker.ts';
import { stepLabel } from '../../core/report/step-label.ts';
import { retryDelay } from '../back-off.ts';
import type { Clock, Engine, Log, LogChunk, LogStore } from '../ports.ts';
import type { KnownRun } from './run-index.ts';
import { createRunSecrets, type RunSecrets } from './run-secrets.ts';
import type { SecretRegister } from './secret-register.ts';
import { unstoredLog } from './unstored-log.ts';

export interface LogPorts {
  readonly engine: Engine;
  readonly logStore: LogStore;
  readonly log: Log;
  readonly secrets: SecretRegister;
  readonly clock: Clock;
}

/** Copies each step's log to the log store while the step runs. */
export interface LogCopier {
  /** Starts the copies of those steps of a run that have begun; a step is copied once. */
  follow(run: KnownRun): void;
  /** Resolves when all copies of a run have ended, well or badly. */
  ended(name: RunName): Promise<void>;
  forget(name: RunName): void;
}

/**
 * A step's log is read from its beginning, but what an earlier process stored of it stays: only what comes after that is added. So nothing is
 * lost when the log went with its pod meanwhile, or was rotated.
 */
export function createLogCopier(ports: LogPorts, signal: AbortSignal): LogCopier {
  const copies = new Map<RunName, Map<string, Promise<void>>>();
  const given = createRunSecrets(ports, signal);
  return {
    follow({ name, status }) {
      if (status.phase !== 'running' && status.phase !== 'done') return;
      const known = copies.get(name) ?? new Map<string, Promise<void>>();
      copies.set(name, known);
      for (const step of status.steps) {
        const label = stepLabel(step);
        if (step.state === 'waiting' || step.state === 'skipped' || known.has(label)) continue;
        known.set(label, copyLog(ports, { name, step, signal, given }));
      }
    },
    async ended(name) {
      await Promise.all(copies.get(name)?.values() ?? []);
    },
    forget(name) {
      copies.delete(name);
      given.forget(name);
    },
  };
}

interface Copy {
  readonly name: RunName;
  readonly step: StepStatus;
  readonly signal: AbortSignal;
  readonly given: RunSecrets;
}

const BACK_OFF = { firstMs: 1_000, longestMs: 60_000 };
/** About ten minutes. */
const TRIES = 16;

/** What the engine cannot read it has tried long enough; the store may take the log later. */
async function copyLog(ports: LogPorts, copy: Copy): Promise<void> {
  const { name, step, signal } = copy;
  for (let failures = 1; !signal.aborted; failures += 1) {
    const reading: Reading = { failed: false };
    try {
      await copyOnce(ports, copy, reading);
      return;
    } catch (err) {
      if (signal.aborted) return;
      const isLast = reading.failed || failures === TRIES;
      const fields = { err, run: name, step: stepLabel(step) };
      if (isLast) return ports.log.warn(fields, 'log not copied');
      ports.log.warn(fields, 'log not copied, will try again');
      await ports.clock.sleep(retryDelay(err, failures, BACK_OFF), signal).catch(() => {});
    }
  }
}

interface Reading {
  /** It was the engine that failed. */
  failed: boolean;
}

async function copyOnce(
  { engine, logStore, secrets }: LogPorts,
  copy: Copy,
  reading: Reading,
): Promise<void> {
  const { name, step, signal, given } = copy;
  const own = await given.of(name);
  const masker = createLineMasker(() => [...secrets.values(), ...own]);
  await forgetOther(logStore, name, step);
  const chunks = masked(told(engine.logs(name, step, signal), reading), masker, signal);
  try {
    for await (const chunk of unstoredLog(() => logStore.read(name, step), chunks))
      await logStore.append(name, step, chunk);
  } finally {
    await logStore.flush?.(name, step);
  }
}

async function* told(chunks: AsyncIterable<LogChunk>, reading: Reading): AsyncGenerator<LogChunk> {
  try {
    yield* chunks;
  } catch (error) {
    reading.failed = true;
    throw error;
  }
}

/** A run that begins anew prints its logs anew: what was written before its step began was written by a former one. */
async function forgetOther(logStore: LogStore, name: RunName, step: StepStatus): Promise<void> {
  if (step.startedAt === undefined) return;
  const last = (await logStore.marks(name, step)).at(-1);
  if (last !== undefined && last.at < step.startedAt) await logStore.reset(name, step);
}

/** Whole lines. */
async function* masked(
  chunks: AsyncIterable<LogChunk>,
  masker: LineMasker,
  signal: AbortSignal,
): AsyncGenerator<LogChunk> {
  let at = new Date(0);
  for await (const chunk of chunks) {
    at = chunk.at;
    const bytes = masker.push(chunk.bytes);
    if (bytes.length > 0) yield { at, bytes };
  }
  // Whoever copies it next comes by the rest of the line, and knows whether it is a secret.
  const rest = signal.aborted ? new Uint8Array() : masker.end();
  if (rest.length > 0) yield { at, bytes: rest };
}

/** What the stored log of a step tells of its failure. */
export async function readFailure(logStore: LogStore, name: RunName, step: StepRef): Promise<StepFailure> {
  const reader = createFailureReader();
  const decoder = new TextDecoder();
  for await (const bytes of logStore.read(name, step)) reader.push(decoder.decode(bytes, { stream: true }));
  reader.push(decoder.decode());
  return reader.end();
}
