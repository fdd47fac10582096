import type { RunName, StepRef } from '../../core/pipeline/run.ts';
import { createExcerpt } from '../../core/report/excerpt.ts';
import { createLineMasker } from '../../core/report/line-masker.ts';
import { stepLabel } from '../../core/report/step-label.ts';
import type { Engine, Log, LogStore } from '../ports.ts';
import type { KnownRun } from './run-index.ts';
import type { SecretRegister } from './secret-register.ts';

export interface LogPorts {
  readonly engine: Engine;
  readonly logStore: LogStore;
  readonly log: Log;
  readonly secrets: SecretRegister;
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
 * A step's log is copied from its beginning, so after a restart what an earlier process stored is replaced; but not by nothing, when the
 * step had ended by then and its log went with its pod.
 */
export function createLogCopier(ports: LogPorts, signal: AbortSignal): LogCopier {
  const copies = new Map<RunName, Map<string, Promise<void>>>();
  return {
    follow({ name, status }) {
      if (status.phase !== 'running' && status.phase !== 'done') return;
      const known = copies.get(name) ?? new Map<string, Promise<void>>();
      copies.set(name, known);
      for (const step of status.steps) {
        const label = stepLabel(step);
        if (step.state === 'waiting' || step.state === 'skipped' || known.has(label)) continue;
        known.set(label, copyLog(ports, { name, step, signal, isGoing: step.state === 'running' }));
      }
    },
    async ended(name) {
      await Promise.all(copies.get(name)?.values() ?? []);
    },
    forget(name) {
      copies.delete(name);
    },
  };
}

interface Copy {
  readonly name: RunName;
  readonly step: StepRef;
  readonly signal: AbortSignal;
  /** The step had not ended when the copy began. */
  readonly isGoing: boolean;
}

async function copyLog(ports: LogPorts, copy: Copy): Promise<void> {
  const { engine, logStore, log } = ports;
  const { name, step, signal, isGoing } = copy;
  try {
    const masker = createLineMasker(() => ports.secrets.values());
    let isReset = false;
    const reset = async () => {
      if (!isReset) await logStore.reset(name, step);
      isReset = true;
    };
    if (isGoing) await reset();
    let at = new Date(0);
    for await (const chunk of engine.logs(name, step, signal)) {
      await reset();
      at = chunk.at;
      await logStore.append(name, step, { at, bytes: masker.push(chunk.bytes) });
    }
    await logStore.append(name, step, { at, bytes: masker.end() });
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error, run: name, step: stepLabel(step) }, 'log not copied');
  }
}

/** The stored log of a step as a check shows it. */
export async function readExcerpt(logStore: LogStore, name: RunName, step: StepRef): Promise<string> {
  const excerpt = createExcerpt();
  const decoder = new TextDecoder();
  for await (const bytes of logStore.read(name, step)) excerpt.push(decoder.decode(bytes, { stream: true }));
  return excerpt.end();
}
