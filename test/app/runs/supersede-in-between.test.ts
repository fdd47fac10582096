import { beforeEach, describe, expect, test } from '@jest/globals';
import { createEventHandler } from '../../../src/app/events/handle-event.ts';
import type { SuperviseOptions } from '../../../src/app/runs/supervise-runs.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import type { GitHubEvent, MergeGroupEvent, PushEvent } from '../../../src/core/plan/event.ts';
import { pushEvent, REPOSITORY } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { createWorld, startProcess, type World } from '../fakes/world.ts';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const MAIN = 'main';
const HOUR = 3600;
const QUEUE = 'gh-readonly-queue/main/pr-12';

let world: World;
let handle: (event: GitHubEvent) => Promise<void>;
let deliveries = 0;

beforeEach(() => {
  world = createWorld();
  for (const sha of [A, B, C, D]) {
    world.repositories.commit(sha, { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' });
  }
});

async function start(options: Partial<SuperviseOptions> = {}): Promise<void> {
  const process = await startProcess(world, options);
  handle = createEventHandler({ ...world, ...process.supervisor, runs: process.follower.runs });
}

/** A push to a branch so many seconds after the first; resolves once everything that can follow from it has. */
async function push(branch: string, sha: string | null, seconds: number, change: Partial<PushEvent> = {}) {
  const delivered = tell(branch, sha, seconds, change);
  await settled();
  await delivered;
  await settled();
}

/** The same, while something of it is held. */
function tell(branch: string, sha: string | null, seconds: number, change: Partial<PushEvent> = {}) {
  deliveries += 1;
  return handle(
    pushEvent({
      deliveryId: `delivery-${deliveries}`,
      ref: { kind: 'branch', name: branch },
      before: null,
      sha,
      pushedAt: new Date(Date.UTC(2026, 10, 23, 11) + seconds * 1000),
      ...change,
    }),
  );
}

async function queue(action: MergeGroupEvent['action'], sha: string, branch = QUEUE): Promise<void> {
  deliveries += 1;
  const reason = action === 'destroyed' ? 'dequeued' : null;
  const { repository, sender } = pushEvent();
  const deliveryId = `delivery-${deliveries}`;
  await handle({ kind: 'merge_group', deliveryId, repository, sender, action, reason, branch, sha });
  await settled();
}

interface Held {
  letGo(): Promise<void>;
}

/** Holds the engine's next making of a run. */
function holdSubmit(): Held {
  const { engine } = world;
  const held = Promise.withResolvers<void>();
  let isHeld = false;
  world.engine = {
    ...engine,
    async submit(run, credentials) {
      const isNext = !isHeld;
      isHeld = true;
      if (isNext) await held.promise;
      await engine.submit(run, credentials);
    },
  };
  return letGo(held);
}

/** Holds every writing of who wants a run. */
function holdWishes(): Held {
  const { engine } = world;
  const held = Promise.withResolvers<void>();
  world.engine = {
    ...engine,
    async annotate(name, annotations) {
      if (ANNOTATION.wantedBy in annotations) await held.promise;
      await engine.annotate(name, annotations);
    },
  };
  return letGo(held);
}

/** Holds every cancelling of a run. */
function holdCancel(): Held {
  const { engine } = world;
  const held = Promise.withResolvers<void>();
  world.engine = {
    ...engine,
    async cancel(name, by, why) {
      await held.promise;
      await engine.cancel(name, by, why);
    },
  };
  return letGo(held);
}

function letGo(held: PromiseWithResolvers<void>): Held {
  return {
    async letGo() {
      held.resolve();
      await settled();
    },
  };
}

function runOf(sha: string, purpose = 'verify'): string {
  const isMeant = ({ key }: { readonly key: { readonly sha: string; readonly purpose: string } }) =>
    key.sha === sha && key.purpose === purpose;
  return world.engine.submitted.find(({ run }) => isMeant(run))?.run.name ?? 'none';
}

function callsOf(method: 'cancel' | 'release'): string[] {
  return world.engine.calls.filter((call) => call.startsWith(`${method} `));
}

async function succeed(sha: string): Promise<void> {
  const status = { phase: 'done', verdict: 'succeeded', steps: [], results: {} } as const;
  world.engine.set(runOf(sha), { ...status, finishedAt: world.clock.now() });
  await settled();
}

describe('a newer commit that comes while the older run waits for its place', () => {
  beforeEach(async () => {
    await start({ limits: { total: 1, perRepository: () => 1 } });
    await push('busy', D, 0);
    await push('feature', A, 10);
  });

  test('cancels that run, which then never begins', async () => {
    await push('feature', B, 20);

    expect(callsOf('cancel')).toEqual([
      `cancel ${runOf(A)}: superseded by bbbbbbb, a newer commit on feature`,
    ]);
    await succeed(D);
    expect(callsOf('release')).toEqual([`release ${runOf(D)}`, `release ${runOf(B)}`]);
  });

  test('on another branch leaves that run alone', async () => {
    await push('busy', C, 20);

    expect(callsOf('cancel')).toEqual([`cancel ${runOf(D)}: superseded by ccccccc, a newer commit on busy`]);
    expect(callsOf('release')).toEqual([`release ${runOf(D)}`, `release ${runOf(A)}`]);
  });

  test('leaves that run to a branch of which nothing was heard for hours', async () => {
    await push('other', A, 15);
    await world.clock.advance(3 * HOUR);

    await push('feature', B, 3 * HOUR);

    expect(callsOf('cancel')).toEqual([]);
  });

  test('cancels no run that publishes', async () => {
    await push(MAIN, B, 20);
    await push(MAIN, C, 30);

    expect(callsOf('cancel')).toEqual([]);
  });
});

describe('a newer commit that comes while the older run is being made', () => {
  test('cancels that run as soon as it is there, and only that', async () => {
    const submit = holdSubmit();
    await start();
    const older = tell('feature', A, 0);
    await settled();
    await push('feature', B, 60, { before: A });
    expect(callsOf('cancel')).toEqual([]);

    await submit.letGo();
    await older;

    expect(callsOf('cancel')).toEqual([
      `cancel ${runOf(A)}: superseded by bbbbbbb, a newer commit on feature`,
    ]);
  });

  test('on another branch, or of a branch that is deleted there, leaves it alone', async () => {
    const submit = holdSubmit();
    await start();
    const older = tell('feature', A, 0);
    await settled();
    await push('other', B, 60);
    await push('gone', null, 60);

    await submit.letGo();
    await older;

    expect(callsOf('cancel')).toEqual([]);
  });

  test('cancels no run that publishes', async () => {
    const submit = holdSubmit();
    await start();
    const older = tell(MAIN, A, 0);
    await settled();
    await push(MAIN, B, 60, { before: A });

    await submit.letGo();
    await older;

    expect(callsOf('cancel')).toEqual([]);
    expect([runOf(A, 'publish'), runOf(B, 'publish')]).not.toContain('none');
  });
});

describe('while the wish of a second branch for a run is being written', () => {
  let wishes: Held;
  let wishing: Promise<void>;

  beforeEach(async () => {
    wishes = holdWishes();
    await start();
    await push('feature', A, 0);
    wishing = tell('other', A, 10);
    await settled();
  });

  test('a newer commit on the first branch leaves the run to the second', async () => {
    await push('feature', B, 20);
    await wishes.letGo();
    await wishing;
    expect(callsOf('cancel')).toEqual([]);

    await push('other', C, 30);

    expect(callsOf('cancel')).toEqual([`cancel ${runOf(A)}: superseded by ccccccc, a newer commit on other`]);
  });

  test('a newer commit on the second branch leaves the run to the first', async () => {
    await push('other', C, 20);
    await wishes.letGo();
    await wishing;
    expect(callsOf('cancel')).toEqual([]);

    await push('feature', B, 30);

    expect(callsOf('cancel')).toHaveLength(1);
  });

  test('newer commits on both cancel the run, once', async () => {
    await push('feature', B, 20);
    await push('other', C, 20);
    await wishes.letGo();
    await wishing;

    expect(callsOf('cancel')).toEqual([expect.stringContaining(`cancel ${runOf(A)}: superseded by`)]);
  });

  test('a third branch that moves leaves the run alone', async () => {
    await push('third', C, 20);
    await push('third', D, 30);
    await wishes.letGo();
    await wishing;

    expect(callsOf('cancel')).toEqual([`cancel ${runOf(C)}: superseded by ddddddd, a newer commit on third`]);
  });
});

test('a branch that comes to a commit whose run is just being cancelled has it run again', async () => {
  const cancel = holdCancel();
  await start();
  await push('feature', A, 0);
  const newer = tell('feature', B, 10, { before: A });
  await settled();

  await push('other', A, 20);
  await cancel.letGo();
  await newer;

  const attempts = world.engine.submitted.map(({ run: { key } }) => [key.sha, key.attempt]);
  expect(attempts).toEqual([
    [A, 1],
    [B, 1],
    [A, 2],
  ]);
});

test('a wish that could not be written has its event come again, and counts until then', async () => {
  await start();
  await push('feature', A, 0);
  world.engine.failNext('annotate', new Error('conflict'));

  await expect(push('other', A, 10)).rejects.toThrow('conflict');
  await push('feature', B, 20);
  expect(callsOf('cancel')).toEqual([]);
  await push('other', A, 10);
  await push('other', C, 30);

  expect(callsOf('cancel')).toHaveLength(1);
});

describe('the run of a merge queue', () => {
  beforeEach(async () => {
    await start();
    await queue('checks_requested', A);
  });

  test.each<[string, () => Promise<void>]>([
    ['a push to its branch', () => push(QUEUE, B, 600)],
    ['the end of its branch', () => push(QUEUE, null, 600)],
    ['a push to the default branch', () => push(MAIN, B, 600)],
    ['a newer commit of the same branch of the queue', () => queue('checks_requested', B)],
    ['another one that is done with', () => queue('destroyed', B)],
  ])('goes on after %s', async (_, happen) => {
    await happen();

    expect(callsOf('cancel')).toEqual([]);
  });

  test('goes on after a branch that had its commit has moved on', async () => {
    await push('feature', A, 0);
    await push('feature', B, 600);

    expect(callsOf('cancel')).toEqual([]);
  });

  test('ends when the queue is done with it, however long the queue goes on', async () => {
    await queue('checks_requested', B);
    await queue('destroyed', A);

    expect(callsOf('cancel')).toEqual([`cancel ${runOf(A)}: the merge queue does not want it any more`]);
  });
});

describe('a run that publishes', () => {
  const publishes = () => world.engine.runs.get(runOf(A, 'publish'))?.status.phase;

  beforeEach(async () => {
    await start();
  });

  test.each<[string, () => Promise<void>]>([
    ['a newer commit', () => push(MAIN, B, 60, { before: A })],
    ['a forced push', () => push(MAIN, B, 60, { before: A, forced: true })],
    ['the end of its branch', () => push(MAIN, null, 60, { before: A })],
    [
      'a newer commit on what is not the default branch any more',
      () => push(MAIN, B, 60, { before: A, repository: { ...REPOSITORY, defaultBranch: 'trunk' } }),
    ],
  ])('goes on after %s', async (_, happen) => {
    await push(MAIN, A, 0);

    await happen();

    expect(callsOf('cancel')).toEqual([]);
    expect(publishes()).toBe('pending');
  });

  test('goes on when the verify run of its commit is superseded', async () => {
    await push('feature', A, 0);
    await push(MAIN, A, 10);
    await push('feature', B, 20);
    expect(callsOf('cancel')).toEqual([]);

    await push(MAIN, C, 30, { before: A });

    expect(callsOf('cancel')).toEqual([expect.stringContaining(`cancel ${runOf(A)}: `)]);
    expect(publishes()).toBe('pending');
  });
});
