import type { RunName } from '../../core/pipeline/run.ts';
import type { Engine, Log } from '../ports.ts';
import type { LogCopier } from './copy-logs.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { areLogsUnstored, logsAnnotation } from './run-notes.ts';

/** Logs that are still being copied when the check of their run is completed, since the log store is slow, or gone. */
export interface LateLogs {
  /** Notes at the run that its logs are late: a server that ends before they are stored leaves the rest to the next one. */
  leave(name: RunName): Promise<void>;
  /** Goes on with those of a run whose check is completed, if they are late. */
  resume(run: KnownRun): void;
  /** Whether they are still being copied; they are forgotten once they are not. */
  awaits(name: RunName): boolean;
}

export interface LateLogPorts {
  readonly engine: Pick<Engine, 'annotate'>;
  readonly runs: RunIndex;
  readonly logs: LogCopier;
  readonly log: Log;
}

/** See `LateLogs`. What the copier gives up is not late any more. */
export function createLateLogs({ engine, runs, logs, log }: LateLogPorts, signal: AbortSignal): LateLogs {
  const awaited = new Set<RunName>();

  async function note(name: RunName, are: 'unstored' | 'stored'): Promise<void> {
    const annotations = logsAnnotation(are);
    await engine.annotate(name, annotations);
    runs.annotated(name, annotations);
  }

  async function untilStored(name: RunName): Promise<void> {
    awaited.add(name);
    await logs.ended(name);
    try {
      if (!signal.aborted) await note(name, 'stored');
    } catch (err) {
      // The next server copies what is stored already, which adds nothing.
      log.warn({ err, run: name }, 'late logs are stored, which could not be noted');
    }
    logs.forget(name);
    awaited.delete(name);
  }

  return {
    awaits: (name) => awaited.has(name),
    async leave(name) {
      if (awaited.has(name)) return;
      await note(name, 'unstored');
      if (!awaited.has(name)) void untilStored(name);
    },
    resume(run) {
      if (awaited.has(run.name) || !areLogsUnstored(run)) return;
      logs.follow(run);
      void untilStored(run.name);
    },
  };
}
