import { describe, expect, test } from '@jest/globals';
import { runsOfOtherPulls, withOtherPulls } from '../../../src/app/checks/other-pulls.ts';
import type { Cause } from '../../../src/core/pipeline/run-status.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';
import type { Check, Conclusion } from '../../../src/core/report/check.ts';
import { BEFORE, SHA } from '../../core/plan/examples.ts';
import { done, indexAround, PENDING, type RunFacts } from '../fakes/known-runs.ts';

const GIVEN_UP: Cause = { kind: 'cancelled', by: 'tekton-ci', why: 'the pull request #13 was closed' };
const EVICTED: Cause = { kind: 'infrastructure', reason: 'Evicted', detail: 'the node is full', retry: true };

/** A stranger's run for the pull request of this number, into this base. */
function ofPull(number: number, base: string, { key, ...facts }: RunFacts = {}): RunFacts {
  return {
    key: { trust: 'untrusted', base, ...key },
    notes: { ref: { kind: 'pull', name: String(number) } },
    wants: { [`pull/${number}`]: '2026-11-23T12:00:00.000Z' },
    ...facts,
  };
}

const OWN = ofPull(12, 'main', { status: done('succeeded') });

function checkOf(conclusion: Conclusion | null): Check {
  return {
    name: 'tekton-ci',
    headSha: SHA,
    externalId: 'api-1',
    detailsUrl: '',
    output: { title: 'Succeeded', summary: 'a table', annotations: [] },
    ...(conclusion === null
      ? { status: 'in_progress' }
      : { status: 'completed', conclusion, completedAt: new Date(0) }),
  };
}

interface World {
  readonly own?: RunFacts;
  readonly others?: readonly RunFacts[];
  /** Bases of pull requests that wait. */
  readonly waiting?: readonly string[];
}

/** What becomes of the run's check, and how often GitHub was asked for who waits. */
async function seen(check: Check, { own = OWN, others = [], waiting = [] }: World) {
  const { runs, run } = indexAround(own, others);
  let asked = 0;
  const bases = async () => {
    asked += 1;
    return waiting;
  };
  return { check: await withOtherPulls({ runs, waiting: { bases } }, run, check), asked };
}

describe('the check of a stranger', () => {
  test('waits for the run of another pull request, whatever its own has come to', async () => {
    const others = [ofPull(13, 'release', { status: PENDING })];
    const waits = 'Waits for another pull request with this commit';

    for (const conclusion of ['success', 'failure'] as const) {
      const { check, asked } = await seen(checkOf(conclusion), { others });

      expect(check).toEqual({ ...checkOf(null), output: { ...checkOf(null).output, title: waits } });
      expect(asked).toBe(0);
    }
  });

  test.each<[Conclusion, Parameters<typeof done>[0], Conclusion]>([
    ['failure', 'failed', 'success'],
    ['timed_out', 'timed-out', 'success'],
    ['failure', 'failed', 'timed_out'],
    ['cancelled', 'cancelled', 'success'],
  ])('is %s when the other one %s and its own is %s', async (worst, verdict, conclusion) => {
    const others = [ofPull(13, 'release', { status: done(verdict) })];

    const { check } = await seen(checkOf(conclusion), { others });

    expect(check).toMatchObject({
      status: 'completed',
      conclusion: worst,
      output: { title: 'Succeeded, but not for another pull request', summary: 'a table' },
      buttons: [{ label: 'Re-run failed' }],
    });
  });

  test.each<[string, readonly RunFacts[]]>([
    ['nobody else shows the commit', []],
    ['the other one succeeded too', [ofPull(13, 'release', { status: done('succeeded') })]],
    ['the other one was given up', [ofPull(13, 'release', { status: done('cancelled', GIVEN_UP) })]],
    ['the other run is of its own pull request, before it had this base', [ofPull(12, 'release')]],
    ['the other run is of another commit', [ofPull(13, 'release', { key: { sha: BEFORE } })]],
    ['the other run has trust', [{ status: done('failed') }]],
  ])('stays as it is when %s', async (_, others) => {
    expect((await seen(checkOf('success'), { others })).check).toEqual(checkOf('success'));
  });

  test('stays as it is while its own run goes on', async () => {
    const others = [ofPull(13, 'release', { status: done('failed') })];

    const { check, asked } = await seen(checkOf(null), { others, waiting: ['next'] });

    expect(check).toEqual(checkOf(null));
    expect(asked).toBe(0);
  });

  test('stays as it is when the other one is no better', async () => {
    const others = [ofPull(13, 'release', { status: done('timed-out') })];

    expect((await seen(checkOf('failure'), { others })).check).toEqual(checkOf('failure'));
  });

  test('takes the verdict of another one that was evicted: strangers have no second attempt', async () => {
    const evicted = ofPull(13, 'release', { status: done('infrastructure', EVICTED) });

    expect((await seen(checkOf('success'), { others: [evicted] })).check.conclusion).toBe('failure');
  });

  test('takes the newest attempt of the other one', async () => {
    const failed = ofPull(13, 'release', { status: done('failed') });
    const again = ofPull(13, 'release', { key: { attempt: 2 }, status: done('succeeded') });

    expect((await seen(checkOf('success'), { others: [failed, again] })).check).toEqual(checkOf('success'));
  });

  test('takes every project of the other one', async () => {
    const green = ofPull(13, 'release', { key: { project: 'api' }, status: done('succeeded') });
    const red = ofPull(13, 'release', { key: { project: 'web' }, status: done('failed') });

    expect((await seen(checkOf('success'), { others: [green, red] })).check.conclusion).toBe('failure');
  });
});

describe('a pull request that nobody has approved', () => {
  test('keeps the check of another one from being green', async () => {
    const { check } = await seen(checkOf('success'), { waiting: ['release'] });

    expect(check).toMatchObject({
      conclusion: 'action_required',
      output: { title: 'Succeeded, but not for another pull request' },
      buttons: [{ label: 'Re-run failed' }],
    });
  });

  test('and whose base was run counts by that run', async () => {
    const others = [ofPull(13, 'release', { status: done('succeeded') })];

    expect((await seen(checkOf('success'), { others, waiting: ['release'] })).check).toEqual(
      checkOf('success'),
    );
  });

  test.each<Conclusion>(['failure', 'timed_out', 'cancelled', 'action_required'])(
    'is not asked for when the check is %s',
    async (conclusion) => {
      const { check, asked } = await seen(checkOf(conclusion), { waiting: ['release'] });

      expect(check).toEqual(checkOf(conclusion));
      expect(asked).toBe(0);
    },
  );

  test('that cannot be asked for leaves the check to be told later', async () => {
    const { runs, run } = indexAround(OWN, []);
    const bases = () => Promise.reject(new Error('502'));

    await expect(withOtherPulls({ runs, waiting: { bases } }, run, checkOf('success'))).rejects.toThrow(
      '502',
    );
  });
});

describe('the runs that a check depends on', () => {
  const keysOf = (own: RunFacts, ...others: readonly RunFacts[]): readonly Partial<RunKey>[] => {
    const { runs, run } = indexAround(own, others);
    return runsOfOtherPulls(runs, run).map(({ key: { project, base, attempt } }) => ({
      project,
      base,
      attempt,
    }));
  };

  test('are the newest of every other pull request and project', () => {
    expect(
      keysOf(
        OWN,
        ofPull(13, 'release', { key: { project: 'api' }, status: done('failed') }),
        ofPull(13, 'release', { key: { project: 'api', attempt: 2 } }),
        ofPull(13, 'release', { key: { project: 'web' } }),
        ofPull(14, 'next'),
      ),
    ).toEqual([
      { project: 'api', base: 'release', attempt: 2 },
      { project: 'web', base: 'release', attempt: 1 },
      { project: '.', base: 'next', attempt: 1 },
    ]);
  });

  test('are none of one base, one pull request, or with trust', () => {
    expect(keysOf(OWN, ofPull(12, 'release'), {}, { key: { purpose: 'publish' } })).toEqual([]);
  });

  test('are none for a run with trust', () => {
    expect(keysOf({}, ofPull(13, 'release'))).toEqual([]);
  });
});
