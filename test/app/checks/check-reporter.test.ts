import { beforeEach, describe, expect, test } from '@jest/globals';
import { type CheckReporter, createCheckReporter } from '../../../src/app/checks/check-reporter.ts';
import { TryLaterError } from '../../../src/app/ports.ts';
import type { Reported } from '../../../src/app/runs/run-notes.ts';
import type { Check } from '../../../src/core/report/check.ts';
import { REPOSITORY, SHA } from '../../core/plan/examples.ts';
import { createFakeChecks, type FakeChecks } from '../fakes/fake-checks.ts';
import { createFakeClock, type FakeClock, settled } from '../fakes/fake-clock.ts';
import { createFakeMetrics, type FakeMetrics } from '../fakes/fake-metrics.ts';
import { createRecordingLog, type RecordingLog } from '../fakes/recording-log.ts';

let checks: FakeChecks;
let clock: FakeClock;
let log: RecordingLog;
let metrics: FakeMetrics;
let wanted: Check | null;
/** What is wanted is known only after this. */
let slow: Promise<void>;
let remembered: Reported[];
let completed: number;
let failRemember: Error[];
/** So often an id cannot be made durable. */
let failOnId: number;
let abort: AbortController;

beforeEach(() => {
  checks = createFakeChecks();
  clock = createFakeClock();
  log = createRecordingLog();
  metrics = createFakeMetrics();
  wanted = null;
  slow = Promise.resolve();
  remembered = [];
  completed = 0;
  failRemember = [];
  failOnId = 0;
  abort = new AbortController();
});

function reporter(reported: Reported = {}): CheckReporter {
  return createCheckReporter({
    checks,
    clock,
    log,
    repository: () => REPOSITORY,
    signal: abort.signal,
    async wanted() {
      const now = wanted;
      await slow;
      return now;
    },
    status: () => wanted?.status ?? null,
    receivedAt: clock.now(),
    metrics,
    reported,
    async remember(next) {
      const failure = failRemember.pop();
      if (failure !== undefined) throw failure;
      if (next.id !== undefined && failOnId-- > 0) throw new Error('disk full');
      remembered.push(next);
    },
    onCompleted: () => {
      completed += 1;
    },
  });
}

function check(status: Check['status'], title: string): Check {
  return {
    name: 'tekton-ci',
    headSha: SHA,
    externalId: 'run-1',
    detailsUrl: 'https://ci.example.com/runs/run-1',
    status,
    ...(status === 'completed' ? { conclusion: 'success' } : {}),
    output: { title, summary: '', annotations: [] },
  };
}

async function want(target: CheckReporter, next: Check): Promise<void> {
  wanted = next;
  target.poke();
  await settled();
}

const titles = () => checks.stored.map(({ output }) => output.title);

describe('a check is created once', () => {
  test('the intent is durable before the request, the id after it', async () => {
    const target = reporter();

    await want(target, check('queued', 'Queued'));

    expect(checks.requests).toEqual(['create']);
    expect(remembered).toEqual([
      { begun: true },
      { begun: true, id: 1, status: 'queued', digest: expect.any(String) },
    ]);
  });

  test('nothing is asked for while nothing is wanted', async () => {
    reporter().poke();
    await settled();

    expect(checks.requests).toEqual([]);
  });

  test('many pokes at once make one', async () => {
    const target = reporter();
    wanted = check('queued', 'Queued');

    for (let count = 0; count < 10; count += 1) target.poke();
    await settled();

    expect(checks.requests).toEqual(['create']);
  });

  test('when the intent cannot be made durable, nothing is created before it can', async () => {
    failRemember.push(new Error('disk full'));
    const target = reporter();

    await want(target, check('queued', 'Queued'));
    expect(checks.requests).toEqual([]);
    await clock.advance(1);

    expect(checks.requests).toEqual(['create']);
  });

  test('when its answer is lost, it is found', async () => {
    checks.failNext('create', new Error('socket hang up'), { done: true });
    const target = reporter();

    await want(target, check('queued', 'Queued'));
    await clock.advance(1);

    expect(checks.requests).toEqual(['create', 'list', 'update']);
    expect(checks.stored).toHaveLength(1);
    expect(remembered.at(-1)).toMatchObject({ id: 1, status: 'queued' });
  });

  test('when the creation failed, another is made', async () => {
    checks.failNext('create', new Error('502'));
    const target = reporter();

    await want(target, check('queued', 'Queued'));
    await clock.advance(1);

    expect(checks.requests).toEqual(['create', 'list', 'create']);
    expect(checks.stored).toHaveLength(1);
  });

  test('when its id cannot be made durable, it is found again instead of being forgotten', async () => {
    const target = reporter();
    failOnId = 2;

    await want(target, check('completed', 'Done'));
    expect(completed).toBe(0);
    await clock.advance(10);

    expect(checks.requests).toEqual(['create', 'list', 'update', 'list', 'update']);
    expect(checks.stored).toHaveLength(1);
    expect(remembered.at(-1)).toMatchObject({ id: 1, status: 'completed' });
    expect(completed).toBe(1);
  });
});

describe('after a crash between the intent and the answer', () => {
  test('the check that was made is adopted and brought up to date', async () => {
    await checks.create(REPOSITORY, check('queued', 'Queued'));
    const target = reporter({ begun: true });

    await want(target, check('in_progress', 'Running'));

    expect(checks.requests).toEqual(['create', 'list', 'update']);
    expect(titles()).toEqual(['Running']);
  });

  test('one is made when there is none', async () => {
    const target = reporter({ begun: true });

    await want(target, check('in_progress', 'Running'));

    expect(checks.requests).toEqual(['list', 'create']);
    expect(remembered).toHaveLength(1);
  });

  test('of several the newest is kept, which is the one that GitHub’s rules look at, and the others are completed', async () => {
    for (const title of ['first', 'second', 'third']) await checks.create(REPOSITORY, check('queued', title));
    await checks.update(REPOSITORY, 2, check('completed', 'second'));
    await checks.create(REPOSITORY, { ...check('queued', 'of another attempt'), externalId: 'run-2' });
    const target = reporter({ begun: true });

    await want(target, check('in_progress', 'Running'));

    expect(titles()).toEqual(['A double of another check', 'second', 'Running', 'of another attempt']);
    expect(checks.stored[0]).toMatchObject({ status: 'completed', conclusion: 'neutral' });
    expect(remembered.at(-1)).toMatchObject({ id: 3 });
  });
});

describe('a check that another process has begun', () => {
  const begunBefore = async () => {
    const id = await checks.create(REPOSITORY, check('queued', 'known'));
    return reporter({ begun: true, id, status: 'queued' });
  };

  test('is looked for once more when it ends: the other may have made one in its last moment', async () => {
    const target = await begunBefore();
    await want(target, check('in_progress', 'Running'));
    await checks.create(REPOSITORY, check('queued', 'late'));

    await want(target, check('completed', 'Succeeded'));

    expect(checks.requests).toEqual(['create', 'update', 'create', 'list', 'update', 'update']);
    expect(checks.stored).toMatchObject([
      { status: 'completed', conclusion: 'neutral', output: { title: 'A double of another check' } },
      { status: 'completed', conclusion: 'success', output: { title: 'Succeeded' } },
    ]);
    expect(remembered.at(-1)).toMatchObject({ id: 2, status: 'completed' });
  });

  test('costs one request more when there is no double', async () => {
    const target = await begunBefore();

    await want(target, check('completed', 'Succeeded'));
    await clock.advance(60);

    expect(checks.requests).toEqual(['create', 'list', 'update']);
    expect(completed).toBe(1);
  });
});

describe('what GitHub is asked for', () => {
  test('a quick run costs three requests', async () => {
    const target = reporter();

    await want(target, check('queued', 'Queued'));
    await want(target, check('in_progress', 'Running clone'));
    await want(target, check('in_progress', 'Running test'));
    await want(target, check('completed', 'Succeeded'));
    await clock.advance(60);

    expect(checks.requests).toEqual(['create', 'update', 'update']);
    expect(titles()).toEqual(['Succeeded']);
    expect(completed).toBe(1);
  });

  test('progress is sent once in five seconds, and it is the newest', async () => {
    const target = reporter();
    await want(target, check('in_progress', 'first'));

    await clock.advance(1);
    await want(target, check('in_progress', 'second'));
    await clock.advance(1);
    await want(target, check('in_progress', 'third'));
    await clock.advance(2.9);
    expect(titles()).toEqual(['first']);
    await clock.advance(0.1);

    expect(titles()).toEqual(['third']);
    expect(checks.requests).toEqual(['create', 'update']);
  });

  test('progress after a quiet time is sent at once', async () => {
    const target = reporter();
    await want(target, check('in_progress', 'first'));
    await clock.advance(5);

    await want(target, check('in_progress', 'second'));

    expect(titles()).toEqual(['second']);
  });

  test('progress that is taken back is not sent', async () => {
    const target = reporter();
    await want(target, check('in_progress', 'first'));
    await want(target, check('in_progress', 'second'));
    await want(target, check('in_progress', 'first'));
    await clock.advance(60);

    expect(checks.requests).toEqual(['create']);
  });

  test('what changes while it is being looked at is seen', async () => {
    const target = reporter();
    await want(target, check('in_progress', 'Running'));
    const { promise, resolve } = Promise.withResolvers<void>();
    slow = promise;

    await want(target, check('in_progress', 'Running'));
    await want(target, check('completed', 'Succeeded'));
    resolve();
    await settled();

    expect(titles()).toEqual(['Succeeded']);
  });

  test('the place in the queue is sent once a minute', async () => {
    const target = reporter();
    await want(target, check('queued', 'Queued, 3 ahead'));
    await want(target, check('queued', 'Queued, 2 ahead'));

    await clock.advance(59);
    expect(titles()).toEqual(['Queued, 3 ahead']);
    await clock.advance(1);

    expect(titles()).toEqual(['Queued, 2 ahead']);
  });

  test('a change of status ends the wait', async () => {
    const target = reporter();
    await want(target, check('queued', 'Queued, 3 ahead'));
    await want(target, check('queued', 'Queued, 2 ahead'));

    await want(target, check('completed', 'Cancelled'));

    expect(titles()).toEqual(['Cancelled']);
  });

  test('nothing, when nothing changed, by this or an earlier process', async () => {
    const target = reporter();
    await want(target, check('in_progress', 'Running'));
    await want(target, check('in_progress', 'Running'));
    await want(reporter(remembered.at(-1)), check('in_progress', 'Running'));
    await clock.advance(600);

    expect(checks.requests).toEqual(['create']);
  });
});

describe('when GitHub refuses', () => {
  test('it comes back when it was told to, and no poke makes it come earlier', async () => {
    checks.failNext('create', new TryLaterError('secondary rate limit', 90));
    const target = reporter();
    await want(target, check('queued', 'Queued'));

    await clock.advance(89);
    await want(target, check('completed', 'Succeeded'));
    expect(checks.requests).toEqual(['create']);
    await clock.advance(1);

    expect(checks.requests).toEqual(['create', 'list', 'create']);
    expect(titles()).toEqual(['Succeeded']);
  });

  test('"at once" is a second at least', async () => {
    checks.failNext('create', new TryLaterError('try again', 0));
    await want(reporter(), check('queued', 'Queued'));

    expect(checks.requests).toEqual(['create']);
    await clock.advance(1);
    expect(checks.stored).toHaveLength(1);
  });

  test('it waits twice as long each time, five minutes at most, and never gives up', async () => {
    const moments: number[] = [];
    const start = clock.now().getTime();
    checks.update = async () => {
      moments.push((clock.now().getTime() - start) / 1000);
      throw new Error('502');
    };
    const target = reporter({ begun: true, id: 1 });

    await want(target, check('in_progress', 'Running'));
    await clock.advance(1500);

    expect(moments).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111, 1411]);
    expect(log.messages('warn')).toHaveLength(13);
  });

  test('a success forgets the failures before it', async () => {
    const target = reporter();
    for (let count = 0; count < 3; count += 1) checks.failNext('create', new Error('502'));
    await want(target, check('in_progress', 'Running'));
    await clock.advance(30);
    checks.failNext('update', new Error('502'));

    await want(target, check('completed', 'Succeeded'));
    await clock.advance(1);

    expect(titles()).toEqual(['Succeeded']);
  });

  test('a stop ends all waiting, quietly', async () => {
    checks.failNext('create', new Error('502'));
    const target = reporter();
    await want(target, check('queued', 'Queued'));

    abort.abort();
    await clock.advance(600);
    target.poke();
    await settled();

    expect(checks.requests).toEqual(['create']);
  });
});
