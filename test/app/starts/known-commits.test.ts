import { describe, expect, test } from '@jest/globals';
import type { GateMember, GateNotes } from '../../../src/app/runs/run-notes.ts';
import { isAnswered, isRun, wholeAttempt } from '../../../src/app/starts/known-commits.ts';
import { gateName, runName } from '../../../src/core/pipeline/names.ts';
import type { Cause } from '../../../src/core/pipeline/run-status.ts';
import { type Candidate, mergeGroupCandidate, pushCandidate } from '../../../src/core/plan/candidate.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';
import { BEFORE, pushEvent, REPOSITORY, runKey, SHA } from '../../core/plan/examples.ts';
import { done, indexOf, type RunFacts } from '../fakes/known-runs.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const EARLIER = '2026-11-23T11:00:00.000Z';
const LATER = '2026-11-23T13:00:00.000Z';
const GIVEN_UP: Cause = { kind: 'cancelled', by: 'tekton-ci', why: 'superseded' };

/** The commit on `feature`, trusted. */
function candidate(change: Partial<Candidate> = {}): Candidate & { readonly at: Date } {
  const pushed = pushCandidate(pushEvent({ ref: { kind: 'branch', name: 'feature' } }), []);
  if ('ignored' in pushed) throw new Error(pushed.ignored);
  return { ...pushed, at: AT, ...change };
}

/** The commit as a merge queue asks about it. */
function queued(change: Partial<Candidate> = {}): Candidate {
  const asked = mergeGroupCandidate({
    kind: 'merge_group',
    deliveryId: 'delivery-1',
    repository: REPOSITORY,
    sender: { id: 1, login: 'octocat', bot: false },
    action: 'checks_requested',
    reason: null,
    branch: 'gh-readonly-queue/main/pr-12',
    sha: SHA,
  });
  if ('ignored' in asked) throw new Error(asked.ignored);
  return { ...asked, ...change };
}

const nameOf = (change: Partial<RunKey>) =>
  runName(REPOSITORY.name, runKey({ purpose: 'verify', ...change }));

function gateOf(members: readonly GateMember[], change: Partial<RunKey> = {}): GateNotes {
  const key = runKey({ purpose: 'verify', ...change });
  return { checkName: 'tekton-ci', externalId: gateName(key), attempt: key.attempt, keeper: '', members };
}

/** The run of `api` whose gate also has `web`, run or skipped. */
function apiBeside(web: 'run' | 'skipped', change: Partial<RunKey> = {}): RunFacts {
  const key = { ...change, project: 'api' };
  const other = {
    project: 'web',
    ...(web === 'run' ? { run: nameOf({ ...change, project: 'web' }) } : { skipped: 'x' }),
  };
  return {
    key,
    // Whichever it is, it is a member.
    notes: { gate: gateOf([{ project: 'api', run: nameOf(key) }, other as GateMember], change) },
  };
}

describe('a candidate is run', () => {
  test.each<[string, readonly RunFacts[]]>([
    ['when its only project is', [{}]],
    ['whatever its run has come to', [{ status: done('failed') }]],
    ['when its projects are', [apiBeside('run'), { key: { project: 'web' } }]],
    ['when those of its projects are that have anything to run', [apiBeside('skipped')]],
  ])('%s', (_, facts) => {
    expect(isRun(indexOf(facts), candidate())).toBe(true);
  });
});

describe('a candidate is not run', () => {
  test.each<[string, readonly RunFacts[]]>([
    ['of which nothing is known', []],
    ['by the run of another commit', [{ key: { sha: BEFORE } }]],
    ['by the run that publishes it', [{ key: { purpose: 'publish' } }]],
    ['by the run of its tag', [{ key: { purpose: 'publish', tag: 'v1' } }]],
    ['by a run without trust', [{ key: { trust: 'untrusted', base: 'main' } }]],
    ['by another attempt', [{ key: { attempt: 2 } }]],
    ['when a crash has cut its plan short', [apiBeside('run')]],
  ])('%s', (_, facts) => {
    expect(isRun(indexOf(facts), candidate())).toBe(false);
  });

  test('by the run of its commit in another repository', () => {
    const runs = indexOf([{ key: { repositoryId: 43 }, notes: { repository: { ...REPOSITORY, id: 43 } } }]);

    expect(isRun(runs, candidate())).toBe(false);
  });

  test('by a run of another base, when it is a stranger', () => {
    const stranger = { trust: 'untrusted', base: 'main' } as const;

    expect(isRun(indexOf([{ key: stranger }]), candidate({ ...stranger, base: 'release' }))).toBe(false);
    expect(isRun(indexOf([{ key: stranger }]), candidate(stranger))).toBe(true);
  });
});

describe('the attempt that leaves nothing out', () => {
  test.each<[string, number, readonly RunFacts[]]>([
    ['is the first where nothing is known', 1, []],
    ['is the first where that ran every project', 1, [apiBeside('run')]],
    ['is the first of a repository that is one project', 1, [{}]],
    ['is the second where the first left a project out', 2, [apiBeside('skipped')]],
    ['is the third where both did', 3, [apiBeside('skipped'), apiBeside('skipped', { attempt: 2 })]],
    ['is the second, which is there', 2, [apiBeside('skipped'), apiBeside('run', { attempt: 2 })]],
    ['is not counted by what publishes the commit', 1, [apiBeside('skipped', { purpose: 'publish' })]],
    ['is not counted by runs without trust', 1, [apiBeside('skipped', { trust: 'untrusted', base: 'main' })]],
  ])('%s', (_, attempt, facts) => {
    expect(wholeAttempt(indexOf(facts), queued())).toBe(attempt);
  });

  test('is none before the one that is asked for', () => {
    expect(wholeAttempt(indexOf([apiBeside('skipped')]), queued({ attempt: 2 }))).toBe(2);
    expect(wholeAttempt(indexOf([apiBeside('skipped', { attempt: 2 })]), queued({ attempt: 2 }))).toBe(3);
  });

  test('is any for a candidate that may leave something out', () => {
    expect(wholeAttempt(indexOf([apiBeside('skipped')]), candidate())).toBe(1);
  });
});

describe('a commit on a branch', () => {
  const published: RunFacts = { key: { purpose: 'publish' } };
  const ofBot: RunFacts = { key: { trust: 'untrusted', base: 'main' } };
  const pull = { author: 5 };

  test.each<[string, boolean, RunFacts, Partial<Candidate>]>([
    ['is answered by what publishes it', true, published, {}],
    ['is not answered by its tag', false, { key: { purpose: 'publish', tag: 'v1' } }, {}],
    ['is not answered by another verify run', false, {}, {}],
    ['is not answered when nothing may be left out', false, published, { filtered: false }],
    ['is not answered when it is to be published', false, published, { purpose: 'publish' }],
    [
      'is not answered by what was given up',
      false,
      { ...published, status: done('cancelled', GIVEN_UP) },
      {},
    ],
    ['is answered by the run of the bot that pushed it, for its pull request', true, ofBot, pull],
    ['is not answered by the run of the bot when a person pushes it', false, ofBot, {}],
    [
      'is not answered by the run of a bot on another branch',
      false,
      { ...ofBot, notes: { ref: { kind: 'branch', name: 'other' } } },
      pull,
    ],
    ['is not answered by the same commit elsewhere', false, { key: { purpose: 'publish', sha: BEFORE } }, {}],
  ])('%s', (_, answered, facts, change) => {
    expect(isAnswered(indexOf([facts]), candidate(change))).toBe(answered);
  });
});

describe("a stranger's commit", () => {
  const stranger: Partial<Candidate> = {
    trust: 'untrusted',
    base: 'main',
    ref: { kind: 'pull', name: '12' },
    author: 5,
  };
  const approved: RunFacts = { key: { trust: 'untrusted', base: 'main' } };

  test.each<[string, boolean, RunFacts]>([
    ['is answered by a run with trust', true, {}],
    ['is answered by what publishes it', true, { key: { purpose: 'publish' } }],
    ['is not answered by a run with trust that was given up', false, { status: done('cancelled', GIVEN_UP) }],
    [
      'is answered when more was known of its pull request',
      true,
      { ...approved, wants: { 'pull/12': LATER } },
    ],
    [
      'is not answered by what was known of its pull request before',
      false,
      { ...approved, wants: { 'pull/12': EARLIER } },
    ],
    [
      'is not answered by what is as old as it',
      false,
      { ...approved, wants: { 'pull/12': AT.toISOString() } },
    ],
    [
      'is not answered by what is known of another pull request',
      false,
      { ...approved, wants: { 'pull/13': LATER } },
    ],
    [
      'is not answered by what was given up since',
      false,
      { ...approved, wants: { 'pull/12': LATER }, status: done('cancelled', GIVEN_UP) },
    ],
  ])('%s', (_, answered, facts) => {
    expect(isAnswered(indexOf([facts]), candidate(stranger))).toBe(answered);
  });

  test('is not answered where nothing is known', () => {
    expect(isAnswered(indexOf([]), candidate(stranger))).toBe(false);
  });
});
