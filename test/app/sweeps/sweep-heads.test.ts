import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEventHandler } from '../../../src/app/events/handle-event.ts';
import type { Head, PullRequestState } from '../../../src/app/github-ports.ts';
import { TryLaterError } from '../../../src/app/ports.ts';
import { sweepHeads } from '../../../src/app/sweeps/sweep-heads.ts';
import { BEFORE, pushEvent, REPOSITORY, SHA } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { createFakeHeads, type FakeHeads } from '../fakes/fake-heads.ts';
import { createWorld, type Process, startProcess, type World } from '../fakes/world.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const CONFIG = { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' };

let world: World;
let heads: FakeHeads;
let process: Process;
let mark: Date | null;
let stop: () => Promise<void>;

beforeEach(async () => {
  world = createWorld();
  world.repositories.commit(SHA, CONFIG);
  heads = createFakeHeads(world.clock.now());
  mark = null;
  process = await startProcess(world);
  stop = async () => {};
});

afterEach(() => stop());

async function start(): Promise<void> {
  const abort = new AbortController();
  const { follower, supervisor } = process;
  const sweeping = sweepHeads(
    {
      ...world,
      heads,
      isKnown: follower.isKnown,
      handle: createEventHandler({ ...world, ...supervisor, runs: follower.runs }),
      mark: {
        load: async () => mark,
        async save(at) {
          mark = at;
        },
      },
    },
    { intervalMs: HOUR * 1000, delayMs: MINUTE * 1000 },
    abort.signal,
  );
  stop = async () => {
    abort.abort();
    await sweeping;
  };
  await world.clock.advance(MINUTE);
}

function head(change: Partial<Head> = {}): Head {
  return {
    ref: { kind: 'branch', name: 'feature' },
    sha: SHA,
    committedAt: new Date(world.clock.now().getTime() + 1000),
    message: 'feat: answer',
    author: { login: 'octocat', bot: false },
    configured: true,
    ...change,
  };
}

const made = () => world.engine.submitted.map(({ run }) => [run.key.purpose, run.key.tag]);

describe('the sweep of heads', () => {
  test('starts the run of a head that has a config and no check', async () => {
    heads.heads = [head(), head({ ref: { kind: 'tag', name: 'v1' } })];

    await start();

    expect(made()).toEqual([
      ['verify', null],
      ['publish', 'v1'],
    ]);
    expect(world.checks.stored.map(({ name }) => name)).toEqual(['tekton-ci', 'tekton-ci (tag v1)']);
  });

  test.each<[string, Partial<Head>]>([
    ['has no config', { configured: false }],
    ['is older than the installation', { committedAt: new Date(0) }],
    ["is a merge queue's", { ref: { kind: 'branch', name: 'gh-readonly-queue/main/pr-1' } }],
  ])('leaves a head alone that %s', async (_, change) => {
    heads.heads = [head(change)];

    await start();

    expect(made()).toEqual([]);
    expect(world.checks.requests).toEqual([]);
  });

  test('leaves a head alone whose run is known, without a request for it', async () => {
    await createEventHandler(world)(pushEvent({ ref: { kind: 'branch', name: 'feature' } }));
    await settled();
    const before = world.checks.requests.length;
    heads.heads = [head()];

    await start();

    expect(made()).toHaveLength(1);
    expect(world.checks.requests).toHaveLength(before);
  });

  test('leaves a head alone that has its check, and asks only once', async () => {
    await createEventHandler(world)(pushEvent({ ref: { kind: 'branch', name: 'feature' } }));
    await settled();
    const [run] = world.engine.runs.keys();
    await process.stop();
    await world.engine.remove(run ?? '');
    process = await startProcess(world);
    heads.heads = [head()];

    await start();
    heads.installed = { ...heads.installed, pushedAt: new Date(Date.UTC(2027, 0, 1)) };
    await world.clock.advance(3 * HOUR);

    expect(made()).toHaveLength(1);
    expect(heads.lists).toBeGreaterThan(2);
    expect(world.checks.requests.filter((method) => method === 'list')).toHaveLength(1);
  });

  test('publishes a commit on the default branch that was only verified before', async () => {
    await createEventHandler(world)(pushEvent({ ref: { kind: 'branch', name: 'feature' } }));
    await settled();
    heads.heads = [head({ ref: { kind: 'branch', name: REPOSITORY.defaultBranch } })];

    await start();

    expect(made()).toEqual([
      ['verify', null],
      ['publish', null],
    ]);
  });

  test('looks only at repositories that were pushed to since the last one that saw everything', async () => {
    heads.heads = [head()];
    await start();
    expect(mark).not.toBeNull();

    await world.clock.advance(5 * HOUR);

    // Clocks differ, so the next one looks once more.
    expect(heads.lists).toBe(2);
  });

  test('comes back to what failed', async () => {
    heads.heads = [head()];
    world.checks.failNext('list', new Error('502'));
    await start();
    expect(made()).toEqual([]);
    expect(mark).toBeNull();

    await world.clock.advance(2 * HOUR);

    expect(made()).toHaveLength(1);
    expect(mark).not.toBeNull();
  });

  test('obeys GitHub when it asks to wait', async () => {
    heads.heads = [head()];
    world.checks.failNext('list', new TryLaterError('slow down', 3 * HOUR));

    await start();
    await world.clock.advance(2.5 * HOUR);
    expect(heads.lists).toBe(1);
    await world.clock.advance(HOUR);

    expect(made()).toHaveLength(1);
  });

  test('asks about two hundred commits at most in one go', async () => {
    heads.heads = Array.from({ length: 250 }, (_, number) => {
      const sha = number.toString(16).padStart(40, '0');
      world.repositories.commit(sha, CONFIG);
      return head({ sha, ref: { kind: 'branch', name: `b${number}` } });
    });

    await start();
    expect(made()).toHaveLength(200);
    await world.clock.advance(2 * HOUR);

    expect(made()).toHaveLength(250);
  });
});

describe('an orphan check', () => {
  test('on a head is completed, and its run is not started anew', async () => {
    await createEventHandler(world)(pushEvent({ ref: { kind: 'branch', name: 'feature' } }));
    await settled();
    const [run] = world.engine.runs.keys();
    await process.stop();
    await world.engine.remove(run ?? '');
    process = await startProcess(world);
    heads.heads = [head()];

    await start();

    expect(world.checks.stored).toMatchObject([
      { status: 'completed', conclusion: 'cancelled', output: { title: 'The run is lost' } },
    ]);
    expect(made()).toHaveLength(1);
  });

  test('of a run that is known is left to that', async () => {
    await createEventHandler(world)(pushEvent({ ref: { kind: 'branch', name: 'feature' } }));
    await settled();
    heads.heads = [head({ ref: { kind: 'tag', name: 'v1' } })];

    await start();

    expect(world.checks.stored.map(({ status }) => status)).toEqual(['queued', 'queued']);
  });
});

describe("a fork's pull request that nobody told of", () => {
  const pull = (change: Partial<PullRequestState> = {}): PullRequestState => ({
    number: 12,
    open: true,
    sha: BEFORE,
    branch: 'patch',
    headRepositoryId: 99,
    base: 'main',
    author: { id: 5, login: 'stranger', bot: false },
    at: world.clock.now(),
    ...change,
  });

  beforeEach(async () => {
    world.repositories.commit(BEFORE, CONFIG);
    world.repositories.changed('main', BEFORE, ['index.js']);
    await world.checks.create(REPOSITORY, { ...GREEN, externalId: 'main' });
    heads.heads = [head({ ref: { kind: 'branch', name: 'main' } })];
  });

  test('waits for an approval like one that was told of', async () => {
    heads.forks = [pull()];

    await start();

    const [found] = await world.checks.list(REPOSITORY, BEFORE);
    expect(found).toMatchObject({ name: 'tekton-ci', conclusion: 'action_required' });
  });

  test('is left alone when its commit has a check, when it is older than the installation, and without a config', async () => {
    heads.forks = [pull({ at: new Date(0) })];
    await start();
    await stop();
    heads.forks = [pull()];
    heads.heads = [head({ ref: { kind: 'branch', name: 'main' }, configured: false })];
    await start();

    expect(await world.checks.list(REPOSITORY, BEFORE)).toEqual([]);
  });

  test('is found although nothing was pushed, once GitHub may have forgotten its delivery', async () => {
    heads.forks = [pull()];
    mark = new Date(world.clock.now().getTime() - 4 * 24 * HOUR * 1000);
    heads.installed = { ...heads.installed, installedAt: new Date(0), pushedAt: new Date(0) };

    await start();

    expect(await world.checks.list(REPOSITORY, BEFORE)).toHaveLength(1);
  });
});

const GREEN = {
  name: 'tekton-ci',
  headSha: SHA,
  detailsUrl: '',
  status: 'completed',
  conclusion: 'success',
  output: { title: '', summary: '', annotations: [] },
} as const;
