import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import { keyOfText, runName } from '../../core/pipeline/names.ts';
import type { RunName } from '../../core/pipeline/run.ts';
import type { RunStatus } from '../../core/pipeline/run-status.ts';
import type { RunKey } from '../../core/plan/run-key.ts';
import type { KnownRun, RunIndex } from './run-index.ts';
import { readRetry } from './run-notes.ts';

/** The run that tries another one again. */
export interface SecondAttempt {
  readonly name: RunName;
  readonly key: RunKey;
}

/**
 * The second attempt at a run whose pod was evicted or whose node was lost; null when there is none: it ended otherwise, it is a second
 * attempt itself, a deploy had begun, which nobody but its author knows to be harmless twice, or it could not be made. Pure: the same
 * run has the same one always, made or not.
 */
export function secondAttempt(run: KnownRun): SecondAttempt | null {
  if (!wasDisrupted(run.status) || run.notes.retryOf !== undefined || readRetry(run) !== null) return null;
  const first = keyOfText(run.annotations[ANNOTATION.key] ?? '');
  // The config of such a run is that of another commit.
  if (first === null || first.base !== null) return null;
  const key = { ...first, attempt: first.attempt + 1 };
  return { name: runName(run.notes.repository.name, key), key };
}

function wasDisrupted(status: RunStatus): boolean {
  if (status.phase !== 'done' || status.cause?.kind !== 'infrastructure') return false;
  const deployed = status.steps.some(
    ({ stage, state }) => stage === 'deploy' && state !== 'waiting' && state !== 'skipped',
  );
  return status.cause.retry && !deployed;
}

/** The run that counts for a project: the second attempt where there is one, which is not known before it was made. */
export function newestAttempt(runs: RunIndex, name: RunName): KnownRun | undefined {
  const run = runs.get(name);
  const second = run === undefined ? null : secondAttempt(run);
  return second === null ? run : runs.get(second.name);
}
