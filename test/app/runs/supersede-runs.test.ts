import { beforeEach, describe, expect, test } from '@jest/globals';
import { createEventHandler } from '../../../src/app/events/handle-event.ts';
import type { PushEvent } from '../../../src/core/plan/event.ts';
import { BEFORE, pushEvent } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { createWorld, type Process, startProcess, type World } from '../fakes/world.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const CONFIG = { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' };

let world: World;
let process: Process;
let handle: (event: PushEvent) => Promise<void>;

beforeEach(async () => {
  world = createWorld();
  for (const sha of [A, B, BEFORE]) world.repositories.commit(sha, CONFIG);
  await restart();
});

async function restart(): Promise<void> {
  process = await startProcess(world);
  handle = createEventHandler({ ...world, ...process.supervisor, runs: process.follower.runs });
}

let deliveries = 0;

/** A push to `feature` so many seconds after the first. */
async function push(sha: string | null, seconds: number, change: Partial<PushEvent> = {}): Promise<void> {
  deliveries += 1;
  await handle(
    pushEvent({
      deliveryId: `delivery-${deliveries}`,
      ref: { kind: 'branch', name: 'feature' },
      sha,
      pushedAt: new Date(Date.UTC(2026, 10, 23, 11) + seconds * 1000),
      ...change,
    }),
  );
  await settled();
}

function cancelled(): string[] {
  return world.engine.calls.filter((call) => call.startsWith('cancel'));
}

/** The name of the run of a commit. */
function run(sha: string): string {
  const found = world.engine.submitted.find((submitted) => submitted.run.key.sha === sha);
  return found?.run.name ?? '';
}

describe('a newer commit on a branch', () => {
  test('cancels the older verify run, whose check says by which commit', async () => {
    await push(A, 0);
    await push(B, 60, { before: A });

    expect(cancelled()).toEqual([`cancel ${run(A)}: superseded by bbbbbbb, a newer commit on feature`]);
    const [check] = world.checks.stored;
    expect(check?.conclusion).toBe('cancelled');
    expect(check?.output.title).toContain('superseded by bbbbbbb');
  });

  test('cancels no publish run, neither of the default branch nor of a tag', async () => {
    await push(A, 0, { ref: { kind: 'branch', name: 'main' } });
    await push(A, 0, { ref: { kind: 'tag', name: 'v1' } });
    await push(B, 60, { ref: { kind: 'branch', name: 'main' } });

    expect(cancelled()).toEqual([]);
  });

  test('cancels no run of another branch or repository', async () => {
    await push(A, 0, { ref: { kind: 'branch', name: 'other' } });
    const repository = { ...pushEvent().repository, id: 43, name: 'web' };
    await push(A, 0, { repository });
    await push(B, 60);

    expect(cancelled()).toEqual([]);
  });

  test('that comes before the older one cancels that one', async () => {
    await push(B, 60, { before: A });
    await push(A, 0);

    expect(cancelled()).toEqual([`cancel ${run(A)}: superseded by bbbbbbb, a newer commit on feature`]);
  });

  test.each([
    ['in order', [A, B]],
    ['the wrong way round', [B, A]],
  ])('in the same second is told by what it began with: %s', async (_, order) => {
    for (const sha of order) await push(sha, 0, { before: sha === B ? A : BEFORE });

    expect(cancelled()).toEqual([expect.stringContaining(run(A))]);
  });

  test('cancels the older run also when it has no run of its own', async () => {
    world.repositories.commit(B, { 'README.md': '' });

    await push(A, 0);
    await push(B, 60);

    expect(cancelled()).toHaveLength(1);
  });

  test('leaves a commit alone that another branch has as its head, until that moves on too', async () => {
    await push(A, 0);
    await push(A, 10, { ref: { kind: 'branch', name: 'other' } });
    await push(B, 60);
    expect(cancelled()).toEqual([]);

    await push(BEFORE, 70, { ref: { kind: 'branch', name: 'other' } });

    expect(cancelled()).toEqual([`cancel ${run(A)}: superseded by fedcba9, a newer commit on other`]);
  });

  test('cancels after a restart what a crash left', async () => {
    await process.stop();
    handle = createEventHandler(world);
    await push(A, 0);
    await push(B, 60, { before: A });
    expect(cancelled()).toEqual([]);

    await restart();

    expect(cancelled()).toHaveLength(1);
  });

  test('that cannot be planned cancels nothing', async () => {
    await push(A, 0);
    world.repositories.failNext(new Error('502'));

    await expect(push(B, 60)).rejects.toThrow('502');

    expect(cancelled()).toEqual([]);
  });

  test('leaves the same commit alone, pushed again', async () => {
    await push(A, 0);
    await push(B, 60, { before: A });
    await push(B, 90, { before: A });

    expect(cancelled()).toHaveLength(1);
  });
});

describe('a commit that was superseded', () => {
  const attempts = () => world.engine.submitted.map(({ run: { key } }) => [key.sha[0], key.attempt]);

  test('and comes back by a forced push is tested again, under a check of its own', async () => {
    await push(A, 0);
    await push(B, 60, { before: A });

    await push(A, 120, { before: B, forced: true });
    await push(A, 120, { before: B, forced: true });

    expect(attempts()).toEqual([
      ['a', 1],
      ['b', 1],
      ['a', 2],
    ]);
    expect(world.checks.stored.map(({ headSha, conclusion }) => [headSha[0], conclusion])).toEqual([
      ['a', 'cancelled'],
      ['b', 'cancelled'],
      ['a', undefined],
    ]);
  });

  test('is not tested again because its old event comes once more', async () => {
    await push(A, 0);
    await push(B, 60, { before: A });

    await push(A, 0);

    expect(attempts()).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  test('is tested again for another branch, and with a branch that is restored', async () => {
    await push(A, 0);
    await push(null, 60, { before: A });
    await push(A, 120, { before: null });
    await push(B, 180, { before: A });
    await push(A, 240, { ref: { kind: 'branch', name: 'other' } });

    expect(attempts()).toEqual([
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['a', 3],
    ]);
  });

  test('is tested again though its run has not ended yet', async () => {
    await push(A, 0);
    const name = run(A);
    const status = world.engine.runs.get(name)!.status;
    await push(B, 60, { before: A });
    world.engine.set(name, status);

    await push(A, 120, { before: B, forced: true });

    expect(attempts().at(-1)).toEqual(['a', 2]);
  });

  test('that somebody else cancelled stays so', async () => {
    await push(A, 0);
    await world.engine.cancel(run(A), 'octocat', 'not needed');
    await settled();

    await push(A, 60, { ref: { kind: 'branch', name: 'other' } });

    expect(attempts()).toEqual([['a', 1]]);
  });
});

describe('a branch that is deleted', () => {
  test('takes its unfinished verify run with it', async () => {
    await push(A, 0);
    await push(null, 60, { before: A });

    expect(cancelled()).toEqual([`cancel ${run(A)}: the branch feature was deleted`]);
  });

  test('leaves alone what another branch wants', async () => {
    await push(A, 0);
    await push(A, 10, { ref: { kind: 'branch', name: 'other' } });
    await push(null, 60, { before: A });

    expect(cancelled()).toEqual([]);
  });

  test('and pushed again meanwhile, in the wrong order, keeps its run', async () => {
    await push(B, 60);
    await push(null, 30, { before: A });

    expect(cancelled()).toEqual([]);
  });
});
