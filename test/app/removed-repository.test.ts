import { beforeEach, describe, expect, test } from '@jest/globals';
import { createEventHandler } from '../../src/app/events/handle-event.ts';
import type { SuperviseOptions } from '../../src/app/runs/supervise-runs.ts';
import type { PushEvent, RepositoryRef } from '../../src/core/plan/event.ts';
import { pushEvent, REPOSITORY } from '../core/plan/examples.ts';
import { settled } from './fakes/fake-clock.ts';
import { createWorld, startProcess, type World } from './fakes/world.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);
const OTHER: RepositoryRef = { ...REPOSITORY, id: 43, name: 'web' };
const MINUTE = 60;
const HOUR = 3600;

/** Requests that GitHub refused, by the second in which they came. */
let refused: number[];
let world: World;
/** Ids of repositories that the app has no access to any more. */
let removed: Set<number>;
let push: (sha: string, change?: Partial<PushEvent>) => Promise<void>;

beforeEach(() => {
  removed = new Set();
  refused = [];
  world = withRemovals(createWorld());
  for (const sha of [A, B, C])
    world.repositories.commit(sha, { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' });
});

/** GitHub answers for what was removed as if it had never been there. */
function withRemovals(from: World): World {
  const ask = async <Result>(repository: RepositoryRef, act: () => Promise<Result>): Promise<Result> => {
    if (!removed.has(repository.id)) return act();
    refused.push(seconds());
    throw new Error('GitHub answered 404: Not Found');
  };
  const { checks, repositories } = from;
  return {
    ...from,
    checks: {
      ...checks,
      create: (repository, check) => ask(repository, () => checks.create(repository, check)),
      update: (repository, id, check) => ask(repository, () => checks.update(repository, id, check)),
      list: (repository, sha, name) => ask(repository, () => checks.list(repository, sha, name)),
    },
    repositories: {
      ...repositories,
      cloneToken: (repository, trust) => ask(repository, () => repositories.cloneToken(repository, trust)),
    },
  };
}

const seconds = () => world.clock.now().getTime() / 1000;

async function start(options: Partial<SuperviseOptions> = {}): Promise<void> {
  const process = await startProcess(world, options);
  const handle = createEventHandler({ ...world, ...process.supervisor, runs: process.follower.runs });
  let deliveries = 0;
  push = async (sha, change = {}) => {
    deliveries += 1;
    const ref = { kind: 'branch', name: `feature-${deliveries}` } as const;
    await handle(pushEvent({ deliveryId: `delivery-${deliveries}`, ref, sha, before: null, ...change }));
    await settled();
  };
}

function run(sha: string): string {
  return world.engine.submitted.find((submitted) => submitted.run.key.sha === sha)?.run.name ?? '';
}

async function end(sha: string): Promise<void> {
  const done = { phase: 'done', verdict: 'succeeded', steps: [], results: {} } as const;
  world.engine.set(run(sha), { ...done, finishedAt: world.clock.now() });
  await settled();
}

function conclusionOf(sha: string): string | undefined {
  return world.checks.stored.find(({ headSha }) => headSha === sha)?.conclusion;
}

/** How many requests were refused in the so many seconds to come. */
async function refusedWithin(duration: number): Promise<number> {
  const before = refused.length;
  await world.clock.advance(duration);
  return refused.length - before;
}

describe('a repository that is removed from the installation while a run goes on', () => {
  test('is asked for less and less, at last once in five minutes', async () => {
    await start();
    await push(A);
    removed.add(REPOSITORY.id);
    await end(A);

    await world.clock.advance(HOUR);

    const pauses = refused.slice(1).map((at, index) => at - refused[index]!);
    expect(pauses.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(await refusedWithin(HOUR)).toBe(12);
  });

  test('does not keep the checks of another one back', async () => {
    await start();
    await push(A);
    await push(B, { repository: OTHER });
    removed.add(REPOSITORY.id);
    await end(A);

    await end(B);

    expect(conclusionOf(B)).toBe('success');
  });

  test('gets its verdict when it is there again', async () => {
    await start();
    await push(A);
    removed.add(REPOSITORY.id);
    await end(A);
    await world.clock.advance(HOUR);

    removed.clear();
    await world.clock.advance(5 * MINUTE);

    expect(conclusionOf(A)).toBe('success');
    expect(await refusedWithin(HOUR)).toBe(0);
  });

  test('lets its run go on to the end: nobody is told of the removal', async () => {
    await start();
    await push(A);
    removed.add(REPOSITORY.id);

    await world.clock.advance(2 * HOUR);

    expect(world.engine.calls.filter((call) => call.startsWith('cancel'))).toEqual([]);
  });

  test('is asked for nothing any more once its run is as old as may be', async () => {
    await start({ keep: { perProject: 0, for: 0 } });
    await push(A);
    removed.add(REPOSITORY.id);
    await end(A);

    await world.clock.advance(9 * 24 * HOUR);

    expect(world.engine.runs.size).toBe(0);
    expect(await refusedWithin(HOUR)).toBe(0);
  });
});

describe('a run that waits while its repository is removed, longer than its token lives', () => {
  beforeEach(async () => {
    await start({ limits: { total: 1, perRepository: () => 1 } });
    await push(A);
    await push(B, { repository: OTHER });
    await push(C);
    removed.add(OTHER.id);
    await world.clock.advance(50 * MINUTE);
  });

  test('does not begin', async () => {
    await end(A);
    await world.clock.advance(HOUR);

    expect(world.engine.calls).not.toContain(`release ${run(B)}`);
  });

  test('begins when the repository is there again', async () => {
    await end(A);
    await world.clock.advance(MINUTE);
    removed.clear();
    await world.clock.advance(5 * MINUTE);
    await end(C);

    expect(world.engine.calls).toContain(`release ${run(B)}`);
  });

  test('leaves its place to those that can begin', async () => {
    await end(A);
    await world.clock.advance(HOUR);

    expect(world.engine.calls).toContain(`release ${run(C)}`);
  });

  test('is asked a token for less and less', async () => {
    await end(A);
    await world.clock.advance(HOUR);

    expect(await refusedWithin(HOUR)).toBeLessThan(60);
  });
});
