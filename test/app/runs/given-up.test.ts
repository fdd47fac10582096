import { describe, expect, test } from '@jest/globals';
import { wasGivenUp } from '../../../src/app/runs/given-up.ts';
import type { Cause } from '../../../src/core/pipeline/run-status.ts';
import { done, indexAround, PENDING, type RunFacts } from '../fakes/known-runs.ts';

const BY_US: Cause = { kind: 'cancelled', by: 'tekton-ci', why: 'superseded' };
const BY_SOMEBODY: Cause = { kind: 'cancelled', by: 'octocat', why: 'not needed' };
const EVICTED: Cause = { kind: 'infrastructure', reason: 'Evicted', detail: 'the node is full', retry: true };

function isGivenUp(first: RunFacts, second?: RunFacts): boolean {
  const others = second === undefined ? [] : [{ ...second, key: { attempt: 2 } }];
  const { runs, run } = indexAround(first, others);
  return wasGivenUp(runs, run);
}

describe('a run was given up', () => {
  test.each<[string, RunFacts]>([
    ['that has ended because we cancelled it', { status: done('cancelled', BY_US) }],
    ['that goes on while the engine has written down that we cancel it', { status: PENDING, cause: BY_US }],
  ])('%s', (_, facts) => {
    expect(isGivenUp(facts)).toBe(true);
  });

  test('whose second attempt was', () => {
    expect(isGivenUp({ status: done('infrastructure', EVICTED) }, { status: done('cancelled', BY_US) })).toBe(
      true,
    );
  });
});

describe('a run was not given up', () => {
  test.each<[string, RunFacts]>([
    ['that goes on', { status: PENDING }],
    ['that somebody cancelled', { status: done('cancelled', BY_SOMEBODY) }],
    ['that somebody is cancelling', { status: PENDING, cause: BY_SOMEBODY }],
    ['that has its verdict', { status: done('failed', { kind: 'timeout', of: 'run' }) }],
    ['that succeeded before it could be cancelled', { status: done('succeeded'), cause: BY_US }],
    ['that was evicted', { status: done('infrastructure', EVICTED) }],
  ])('%s', (_, facts) => {
    expect(isGivenUp(facts)).toBe(false);
  });

  test('whose second attempt goes on, or was cancelled by somebody', () => {
    const first = { status: done('infrastructure', EVICTED) };

    expect(isGivenUp(first, { status: PENDING })).toBe(false);
    expect(isGivenUp(first, { status: done('cancelled', BY_SOMEBODY) })).toBe(false);
  });

  test('whose next attempt was asked for and given up: it has its own verdict', () => {
    expect(isGivenUp({ status: done('failed') }, { status: done('cancelled', BY_US) })).toBe(false);
  });
});
