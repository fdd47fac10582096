import type { RunStatus, StepStatus } from '../../../src/core/pipeline/run-status.ts';
import type { RunFacts } from '../../../src/core/report/run-check.ts';
import { SHA } from '../plan/examples.ts';

const NOON = Date.UTC(2026, 10, 23, 12);

/** So many seconds after noon. */
export function at(seconds: number): Date {
  return new Date(NOON + seconds * 1000);
}

export const FACTS: RunFacts = {
  checkName: 'tekton-ci',
  externalId: 'api-0123456-89abcdef',
  sha: SHA,
  detailsUrl: 'https://ci.example.com/runs/api-0123456-89abcdef?key=k',
  project: '.',
  decisions: ['runs: every push tests the repository', 'test: runs'],
};

export const CLONED: StepStatus = {
  stage: 'clone',
  state: 'succeeded',
  exitCode: 0,
  startedAt: at(0),
  finishedAt: at(1.2),
};

/** A finished run: cloned, then this. */
export function done(
  change: Partial<Extract<RunStatus, { phase: 'done' }>> = {},
): Extract<RunStatus, { phase: 'done' }> {
  return {
    phase: 'done',
    verdict: 'succeeded',
    steps: [
      CLONED,
      { stage: 'test', state: 'succeeded', exitCode: 0, startedAt: at(1.2), finishedAt: at(14) },
    ],
    results: {},
    finishedAt: at(15),
    ...change,
  };
}

/** A run whose test failed. */
export function failed(): Extract<RunStatus, { phase: 'done' }> {
  return done({
    verdict: 'failed',
    cause: { kind: 'step', step: { stage: 'test' }, exitCode: 2 },
    steps: [
      CLONED,
      { stage: 'test', state: 'failed', exitCode: 2, startedAt: at(1.2), finishedAt: at(14) },
      { stage: 'build', state: 'skipped' },
    ],
  });
}
