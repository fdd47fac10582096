import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import type { Engine } from '../ports.ts';
import type { KnownRun, RunIndex } from './run-index.ts';

/**
 * Writes down why a run was ended from outside, before anything follows from it: a pod that told it may be gone when it is read again, and
 * then the same run would seem to have ended otherwise.
 */
export async function keepCause(
  { engine, runs }: { readonly engine: Pick<Engine, 'annotate'>; readonly runs: RunIndex },
  { name, status, annotations }: KnownRun,
): Promise<void> {
  if (status.phase !== 'done' || status.cause?.kind !== 'infrastructure') return;
  if (annotations[ANNOTATION.cause] !== undefined) return;
  const kept = { [ANNOTATION.cause]: JSON.stringify(status.cause) };
  await engine.annotate(name, kept);
  runs.annotated(name, kept);
}
