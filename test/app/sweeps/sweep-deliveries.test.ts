import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TryLaterError } from '../../../src/app/ports.ts';
import { sweepDeliveries } from '../../../src/app/sweeps/sweep-deliveries.ts';
import { createFakeClock, type FakeClock, settled } from '../fakes/fake-clock.ts';
import { createFakeDeliveries, type FakeDeliveries } from '../fakes/fake-deliveries.ts';
import { createFakeMetrics, type FakeMetrics } from '../fakes/fake-metrics.ts';
import { createRecordingLog, type RecordingLog } from '../fakes/recording-log.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let clock: FakeClock;
let deliveries: FakeDeliveries;
let metrics: FakeMetrics;
let log: RecordingLog;
let mark: Date | null;
let stop: () => Promise<void>;

beforeEach(() => {
  clock = createFakeClock();
  deliveries = createFakeDeliveries(clock.now);
  metrics = createFakeMetrics();
  log = createRecordingLog();
  mark = null;
  stop = async () => {};
});

afterEach(() => stop());

async function start(): Promise<void> {
  const abort = new AbortController();
  const sweeping = sweepDeliveries(
    {
      deliveries,
      metrics,
      clock,
      log,
      random: () => 0.5,
      mark: {
        load: async () => mark,
        async save(at) {
          mark = at;
        },
      },
    },
    { intervalMs: MINUTE * 1000, events: new Set(['push']) },
    abort.signal,
  );
  stop = async () => {
    abort.abort();
    await sweeping;
  };
  await settled();
}

function ago(seconds: number): Date {
  return new Date(clock.now().getTime() - seconds * 1000);
}

describe('the sweep of deliveries', () => {
  test('has delivered again, at once and oldest first, what no attempt delivered', async () => {
    deliveries.attempt('old', ago(2 * DAY));
    deliveries.attempt('fine', ago(DAY), { succeeded: true });
    deliveries.attempt('new', ago(HOUR));

    await start();

    expect(deliveries.asked).toEqual(['old', 'new']);
    expect(metrics.count('redelivered')).toBe(2);
  });

  test('leaves alone what a later attempt delivered, whoever asked for that', async () => {
    deliveries.attempt('twice', ago(2 * HOUR));
    deliveries.attempt('twice', ago(HOUR), { succeeded: true });

    await start();

    expect(deliveries.asked).toEqual([]);
  });

  test('leaves alone what we do not act on, what is of no installation and what GitHub has forgotten', async () => {
    deliveries.attempt('forgotten', ago(4 * DAY));
    deliveries.attempt('suite', ago(HOUR), { event: 'check_suite' });
    deliveries.attempt('nobody', ago(HOUR), { installationId: null });

    await start();

    expect(deliveries.asked).toEqual([]);
  });

  test('sees within about a minute what fails later', async () => {
    await start();
    deliveries.attempt('late', clock.now());

    await clock.advance(MINUTE);

    expect(deliveries.asked).toEqual(['late']);
  });

  test('asks for one page while nothing is new, however much there was before', async () => {
    for (let number = 0; number < 20; number += 1) {
      deliveries.attempt(`d${number}`, ago((21 - number) * HOUR), { succeeded: true });
    }
    await start();
    const atStart = deliveries.pages;

    await clock.advance(10 * MINUTE);

    expect(atStart).toBe(7);
    expect(deliveries.pages - atStart).toBe(10);
  });

  test('pauses longer from try to try, and gives up after twenty with a word about it', async () => {
    deliveries.attempt('dead', ago(1));
    deliveries.answer('dead', false);
    await start();
    expect(deliveries.asked).toHaveLength(1);

    await clock.advance(10 * MINUTE);
    // At once, after 1, 2 and 4 minutes more.
    expect(deliveries.asked).toHaveLength(4);
    await clock.advance(3 * DAY);

    expect(deliveries.asked).toHaveLength(20);
    expect(metrics.count('deadLetter')).toBe(1);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'delivery given up',
        fields: { delivery: 'dead', event: 'push', installation: 7, tries: 20 },
      },
    ]);
  });

  test('goes on after a restart where it stopped: what is settled is not listed, what is not is tried again', async () => {
    for (let number = 0; number < 30; number += 1) {
      deliveries.attempt(`before${number}`, ago(2 * HOUR - number), { succeeded: true });
    }
    deliveries.attempt('stuck', ago(HOUR));
    deliveries.answer('stuck', false);
    for (let number = 0; number < 30; number += 1) {
      deliveries.attempt(`after${number}`, ago(HOUR / 2 - number), { succeeded: true });
    }
    await start();
    const atFirst = deliveries.pages;
    await stop();
    expect(mark).toEqual(ago(HOUR));
    deliveries.answer('stuck', true);

    await clock.advance(30 * MINUTE);
    await start();

    expect(deliveries.asked).toEqual(['stuck', 'stuck']);
    expect(deliveries.pages - atFirst).toBeLessThan(atFirst);
  });

  test('counts the tries of an earlier process by what is listed', async () => {
    deliveries.answer('dead', false);
    for (let tries = 0; tries <= 20; tries += 1) deliveries.attempt('dead', ago(2 * DAY - tries * HOUR));

    await start();

    expect(deliveries.asked).toEqual([]);
    expect(metrics.count('deadLetter')).toBe(1);
  });

  test('waits as long as GitHub asks', async () => {
    deliveries.failNext('page', new TryLaterError('slow down', 30 * MINUTE));
    deliveries.attempt('lost', ago(1));
    await start();

    await clock.advance(29 * MINUTE);
    expect(deliveries.pages).toBe(0);
    await clock.advance(2 * MINUTE);

    expect(deliveries.asked).toEqual(['lost']);
  });

  test('stops asking for redeliveries when GitHub asks to wait', async () => {
    deliveries.attempt('one', ago(2));
    deliveries.attempt('two', ago(1));
    deliveries.failNext('redeliver', new TryLaterError('slow down', 10 * MINUTE));

    await start();
    await clock.advance(9 * MINUTE);
    expect(deliveries.asked).toEqual([]);
    await clock.advance(2 * MINUTE);

    expect(deliveries.asked).toEqual(['one', 'two']);
  });

  test('is slower while GitHub fails, and does not lose what it knew', async () => {
    deliveries.attempt('lost', ago(1));
    deliveries.failNext('page', new Error('502'));
    await start();
    expect(deliveries.asked).toEqual([]);

    await clock.advance(MINUTE);

    expect(deliveries.asked).toEqual(['lost']);
    expect(log.messages('warn')).toEqual(['failed, will be tried again']);
  });

  test('does not let one that GitHub refuses keep the others waiting', async () => {
    deliveries.attempt('gone', ago(2));
    deliveries.attempt('there', ago(1));
    deliveries.failNext('redeliver', new Error('404'));

    await start();

    expect(deliveries.asked).toEqual(['there']);
  });

  test('asks for a hundred at most in one go', async () => {
    for (let number = 0; number < 130; number += 1) deliveries.attempt(`d${number}`, ago(HOUR - number));

    await start();
    expect(deliveries.asked).toHaveLength(100);
    await clock.advance(MINUTE);

    expect(new Set(deliveries.asked).size).toBe(130);
  });

  test('works without a mark that can be read or kept', async () => {
    deliveries.attempt('lost', ago(1));
    const abort = new AbortController();
    const broken = async () => {
      throw new Error('no disk');
    };

    const sweeping = sweepDeliveries(
      { deliveries, metrics, clock, log, random: () => 0.5, mark: { load: broken, save: broken } },
      { intervalMs: 1000, events: new Set(['push']) },
      abort.signal,
    );
    await settled();
    abort.abort();
    await sweeping;

    expect(deliveries.asked).toEqual(['lost']);
  });
});
