import type { ObservedRun } from '../../../src/app/ports.ts';
import { createRunIndex, type KnownRun, type RunIndex } from '../../../src/app/runs/run-index.ts';
import {
  noteAnnotations,
  type RunNotes,
  type Wants,
  wantsAnnotation,
} from '../../../src/app/runs/run-notes.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import { keyText, runName } from '../../../src/core/pipeline/names.ts';
import type { Cause, RunStatus, Verdict } from '../../../src/core/pipeline/run-status.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';
import { REPOSITORY, runKey } from '../../core/plan/examples.ts';

/** What a test says of a run; the rest is a trusted verify run of the only project of `SHA`, pushed to `feature`. */
export interface RunFacts {
  readonly key?: Partial<RunKey>;
  readonly notes?: Partial<RunNotes>;
  readonly wants?: Wants;
  readonly status?: RunStatus;
  /** As an engine writes it down, maybe before the run has ended. */
  readonly cause?: Cause;
}

export const PENDING: RunStatus = { phase: 'pending', ahead: 0 };

export function done(verdict: Verdict, cause?: Cause): RunStatus {
  return {
    phase: 'done',
    verdict,
    steps: [],
    results: {},
    finishedAt: new Date(0),
    ...(cause && { cause }),
  };
}

/** A run as an engine tells of it. */
export function observedRun({ key: changes, notes, wants, status = PENDING, cause }: RunFacts): ObservedRun {
  const key = runKey({ purpose: 'verify', ...changes });
  const { project, sha, attempt, purpose, trust } = key;
  return {
    name: runName(REPOSITORY.name, key),
    annotations: {
      [ANNOTATION.key]: keyText(key),
      ...noteAnnotations({
        repository: REPOSITORY,
        ref: { kind: 'branch', name: 'feature' },
        checkName: 'tekton-ci',
        receivedAt: '2026-11-23T12:00:00.000Z',
        pushedAt: '2026-11-23T12:00:00.000Z',
        before: null,
        targets: [],
        decisions: [],
        gate: null,
        author: null,
        ...{ project, sha, attempt, purpose, trust },
        ...notes,
      }),
      ...(wants && wantsAnnotation(wants)),
      ...(cause && { [ANNOTATION.cause]: JSON.stringify(cause) }),
    },
    createdAt: new Date(0),
    status,
  };
}

/** An index that was told of these runs, in this order. */
export function indexOf(facts: readonly RunFacts[]): RunIndex {
  const runs = createRunIndex();
  for (const fact of facts) runs.put(observedRun(fact));
  return runs;
}

/** The same, and what it knows of the first of them. */
export function indexAround(
  own: RunFacts,
  others: readonly RunFacts[],
): { readonly runs: RunIndex; readonly run: KnownRun } {
  const runs = indexOf([own, ...others]);
  return { runs, run: runs.get(observedRun(own).name)! };
}
