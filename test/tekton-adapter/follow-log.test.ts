import { describe, expect, test } from '@jest/globals';
import type { Clock, LogChunk } from '../../src/app/ports.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import { followLog, type StepPlace } from '../../src/tekton/follow-log.ts';
import type { KubeClient } from '../../src/tekton/kube-client.ts';
import { errorOfAnswer } from '../../src/tekton/kube-error.ts';

/** Waits a thousandth of what it is asked for. */
const clock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / 1000, signal),
};

const ENDED: StepPlace = { namespace: 'ci', pod: 'pod', container: 'step-test', state: 'succeeded' };

/** What an API server gives for each read of a log in turn; the last over and over. */
function follow(answers: readonly (string | Error)[]) {
  const reads: unknown[] = [];
  const client: KubeClient = {
    request: () => Promise.reject(new Error('nobody asks for that')),
    async open(_path, query) {
      const answer = answers[Math.min(reads.push(query), answers.length) - 1] ?? '';
      if (answer instanceof Error) throw answer;
      return (async function* () {
        const since = String(query.sinceTime ?? '').slice(0, 19);
        const lines = answer.split(/(?<=\n)/).filter((line) => line.slice(0, 19) >= since);
        yield Buffer.from(lines.join(''));
      })();
    },
  };
  const signal = new AbortController().signal;
  const chunks = followLog({ client, clock, place: () => ENDED, changed: async () => {}, signal });
  return { reads, chunks };
}

async function textOf(chunks: AsyncIterable<LogChunk>): Promise<string> {
  let text = '';
  for await (const { bytes } of chunks) text += Buffer.from(bytes);
  return text;
}

const LOG = '2026-11-23T10:00:01.1Z one\n2026-11-23T10:00:01.2Z two\n';
const REFUSED = errorOfAnswer('GET log', 502, 'dial tcp: no route to host');

describe('the log of a step that has ended', () => {
  test('is read however long the API server does not answer', async () => {
    const { chunks } = follow([...Array.from({ length: 50 }, () => new Error('connect ECONNREFUSED')), LOG]);

    expect(await textOf(chunks)).toBe('one\ntwo\n');
  });

  test('is read when its node answers again after some refusals, and given up after eight in a row', async () => {
    const some = Array.from({ length: 7 }, () => REFUSED);

    expect(await textOf(follow([...some, LOG]).chunks)).toBe('one\ntwo\n');
    await expect(textOf(follow([REFUSED]).chunks)).rejects.toThrow('no route to host');
  });

  test('is what could be read when its pod is gone', async () => {
    const { chunks } = follow([LOG, errorOfAnswer('GET log', 404, '')]);

    expect(await textOf(chunks)).toBe('one\ntwo\n');
  });

  test('is asked for until a read brings nothing new, but not for ever', async () => {
    const whole = follow([LOG]);
    expect(await textOf(whole.chunks)).toBe('one\ntwo\n');
    expect(whole.reads).toHaveLength(2);

    const talking = follow(['the kubelet says something of its own\n']);
    await textOf(talking.chunks);
    expect(talking.reads.length).toBeLessThan(10);
  });
});

test('lines that are read at once come with the second that they were written in', async () => {
  const times = ['10:00:01.1', '10:00:01.9', '10:00:03.5', '11:30:00.0'];
  const log = times.map((time) => `2026-11-23T${time}Z at ${time}\n`).join('');
  const chunks: (readonly [string, string])[] = [];

  for await (const { at, bytes } of follow([log]).chunks)
    chunks.push([at.toISOString(), Buffer.from(bytes).toString()]);

  expect(chunks).toEqual([
    ['2026-11-23T10:00:01.900Z', 'at 10:00:01.1\nat 10:00:01.9\n'],
    ['2026-11-23T10:00:03.500Z', 'at 10:00:03.5\n'],
    ['2026-11-23T11:30:00.000Z', 'at 11:30:00.0\n'],
  ]);
});
