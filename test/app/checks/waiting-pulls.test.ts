import { beforeEach, describe, expect, test } from '@jest/globals';
import { createWaitingPulls, type WaitingPulls } from '../../../src/app/checks/waiting-pulls.ts';
import type { PullRequestState } from '../../../src/app/github-ports.ts';
import { createRunIndex, type KnownRun, type RunIndex } from '../../../src/app/runs/run-index.ts';
import { gateName, waitingName } from '../../../src/core/pipeline/names.ts';
import { BEFORE, REPOSITORY, runKey, SHA } from '../../core/plan/examples.ts';
import { createFakeChecks, type FakeChecks } from '../fakes/fake-checks.ts';
import { createFakePullRequests, type FakePullRequests } from '../fakes/fake-pull-requests.ts';
import { observedRun, type RunFacts } from '../fakes/known-runs.ts';

/** The run of #12, which goes into main. */
const APPROVED: RunFacts = {
  key: { trust: 'untrusted', base: 'main' },
  notes: { ref: { kind: 'pull', name: '12' } },
};

let checks: FakeChecks;
let pullRequests: FakePullRequests;
let runs: RunIndex;
let waiting: WaitingPulls;

beforeEach(() => {
  checks = createFakeChecks();
  pullRequests = createFakePullRequests();
  runs = createRunIndex();
  waiting = createWaitingPulls({ checks, pullRequests, runs });
});

function known(facts: RunFacts = APPROVED): KnownRun {
  const run = runs.put(observedRun(facts));
  if (run === null) throw new Error('not a run of ours');
  return run;
}

/** A pull request that was told to wait for an approval, and what it is now. */
async function waits(number: number, change: Partial<PullRequestState> = {}): Promise<void> {
  const base = change.base ?? 'release';
  const key = runKey({ purpose: 'verify', trust: 'untrusted', base });
  await checks.create(REPOSITORY, {
    name: 'tekton-ci',
    headSha: SHA,
    externalId: waitingName(key, String(number)),
    detailsUrl: '',
    status: 'completed',
    conclusion: 'action_required',
    output: { title: '', summary: '', annotations: [] },
  });
  pullRequests.put({
    number,
    open: true,
    sha: SHA,
    branch: 'patch',
    headRepositoryId: 99,
    base,
    author: { id: 5, login: 'mona', bot: false },
    ...change,
  });
}

describe('the bases of other pull requests that wait', () => {
  test('are those of open ones that show the commit', async () => {
    await waits(13);
    await waits(14, { base: 'next' });

    expect(await waiting.bases(known())).toEqual(['release', 'next']);
  });

  test('are none where no check waits', async () => {
    await checks.create(REPOSITORY, {
      name: 'tekton-ci',
      headSha: SHA,
      externalId: gateName(runKey()),
      detailsUrl: '',
      status: 'queued',
      output: { title: '', summary: '', annotations: [] },
    });

    expect(await waiting.bases(known())).toEqual([]);
    expect(pullRequests.requests).toEqual([]);
  });

  test.each<[string, Partial<PullRequestState>]>([
    ['was closed', { open: false }],
    ['has another commit now', { sha: BEFORE }],
    ['goes where the run goes', { base: 'main' }],
  ])('leave out one that %s', async (_, change) => {
    await waits(13, change);

    expect(await waiting.bases(known())).toEqual([]);
  });

  test('leave out one that is no pull request any more', async () => {
    await waits(13);
    const gone = { ...pullRequests, pull: async () => null };

    expect(await createWaitingPulls({ checks, pullRequests: gone, runs }).bases(known())).toEqual([]);
  });

  test('are named once, and each pull request is read once', async () => {
    await waits(13);
    await waits(13);
    await waits(14);

    expect(await waiting.bases(known())).toEqual(['release']);
    expect(pullRequests.requests).toEqual(['pull', 'pull']);
  });

  test('cost no request for the pull request of the run itself', async () => {
    await waits(12, { base: 'main' });

    expect(await waiting.bases(known())).toEqual([]);
    expect(pullRequests.requests).toEqual([]);
  });

  test.each<[string, RunFacts]>([
    ['with trust', { notes: { ref: { kind: 'pull', name: '12' } } }],
    ['of a bot on a branch', { key: { trust: 'untrusted', base: 'main' } }],
  ])('are not asked for a run %s', async (_, facts) => {
    await waits(13);

    expect(await waiting.bases(known(facts))).toEqual([]);
    expect(checks.requests).not.toContain('list');
  });
});

describe('the same question again', () => {
  const lists = () => checks.requests.filter((request) => request === 'list').length;

  test('costs nothing, also while it is being asked', async () => {
    await waits(13);
    const run = known();

    const [one, other] = await Promise.all([waiting.bases(run), waiting.bases(run)]);
    await waits(14, { base: 'next' });

    expect(one).toEqual(['release']);
    expect(other).toEqual(['release']);
    expect(await waiting.bases(run)).toEqual(['release']);
    expect(lists()).toBe(1);
  });

  test('is asked anew once the run is forgotten', async () => {
    const run = known();
    expect(await waiting.bases(run)).toEqual([]);
    await waits(13);

    waiting.forget(run.name);

    expect(await waiting.bases(run)).toEqual(['release']);
  });

  test('is asked anew after it was not answered', async () => {
    await waits(13);
    const run = known();
    checks.failNext('list', new Error('502'));

    await expect(waiting.bases(run)).rejects.toThrow('502');

    expect(await waiting.bases(run)).toEqual(['release']);
  });

  test('is asked for each run', async () => {
    await waits(13);

    await waiting.bases(known());

    expect(await waiting.bases(known({ ...APPROVED, key: { ...APPROVED.key, base: 'release' } }))).toEqual(
      [],
    );
    expect(lists()).toBe(2);
  });
});

test('a repository that was renamed is asked for by its new name', async () => {
  const asked: string[] = [];
  const list: FakeChecks['list'] = async ({ name }) => {
    asked.push(name);
    return [];
  };
  const run = known();
  runs.met({ ...REPOSITORY, name: 'renamed' });

  await createWaitingPulls({ checks: { list }, pullRequests, runs }).bases(run);

  expect(asked).toEqual(['renamed']);
});
