import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import type { RunName } from '../../core/pipeline/run.ts';
import { UserError } from '../../core/user-error.ts';
import type { Clock } from '../ports.ts';
import { type AgainPorts, startAgain } from '../starts/start-again.ts';
import { keepCause } from './keep-cause.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { retryAnnotation } from './run-notes.ts';
import { type SecondAttempt, secondAttempt } from './second-attempt.ts';

export interface RetryPorts extends AgainPorts {
  readonly runs: RunIndex;
  readonly clock: Clock;
  /** Called for a run whose second attempt could not be made: its check need not wait for it. */
  readonly onGivenUp: (name: RunName) => void;
}

/** Tries runs again whose pod was evicted or whose node was lost. */
export interface Retrier {
  /** To be called for a run that came or changed; what has ended otherwise is left alone. */
  look(run: KnownRun): void;
}

/** Then nobody waits for it any more, and a second attempt that was removed since must not come back. */
const PATIENCE_MS = 3_600_000;
/** Doubled with each failure. */
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

interface Retrying extends RetryPorts {
  readonly signal: AbortSignal;
  /** Runs whose second attempt is being made, or was. */
  readonly begun: Set<RunName>;
}

/** See `Retrier`. That there is a second attempt follows from the first one alone, so that a crash at any moment changes nothing. */
export function createRetrier(ports: RetryPorts, signal: AbortSignal): Retrier {
  const retrying: Retrying = { ...ports, signal, begun: new Set() };
  return {
    look(run) {
      const second = secondAttempt(run);
      if (second === null || ports.runs.get(second.name) !== undefined || retrying.begun.has(run.name))
        return;
      retrying.begun.add(run.name);
      void retry(retrying, run, second);
    },
  };
}

async function retry(retrying: Retrying, run: KnownRun, second: SecondAttempt): Promise<void> {
  const { clock, log, signal } = retrying;
  for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
    try {
      return await attempt(retrying, run, second);
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error, run: run.name }, 'second attempt not made, will try again');
      await clock.sleep(wait, signal).catch(() => {});
    }
  }
}

/** Resolves when the second attempt is durable, or that there is none. */
async function attempt(retrying: Retrying, run: KnownRun, second: SecondAttempt): Promise<void> {
  const { engine, runs, clock, log } = retrying;
  const endedAt = run.status.phase === 'done' ? run.status.finishedAt.getTime() : 0;
  if (clock.now().getTime() - endedAt > PATIENCE_MS) return giveUp(retrying, run, 'it ended too long ago');
  await keepCause({ engine, runs }, run);
  try {
    await startAgain(retrying, run, second);
    log.info({ run: second.name, first: run.name }, 'second attempt made');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await giveUp(retrying, run, error.message);
  }
}

async function giveUp({ engine, runs, log, onGivenUp }: Retrying, run: KnownRun, why: string): Promise<void> {
  const annotations = retryAnnotation({ refused: why });
  await engine.annotate(run.name, annotations);
  runs.annotated(run.name, annotations);
  log.warn({ run: run.name, why, annotation: ANNOTATION.retry }, 'no second attempt');
  onGivenUp(run.name);
}
