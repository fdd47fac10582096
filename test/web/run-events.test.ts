import { type IncomingMessage, request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { WireRun } from '../../src/web/wire.ts';
import { run, startTestSite, step, until } from './test-site.ts';

let site: Awaited<ReturnType<typeof startTestSite>>;
const readers: Reader[] = [];

beforeAll(async () => {
  site = await startTestSite();
});
beforeEach(() => site.clear());
afterEach(() => {
  for (const reader of readers.splice(0)) reader.leave();
});
afterAll(() => site.close());

const live = (name: string) =>
  run({ name, state: 'in_progress', title: 'Running test', steps: [step('test', 'running', 0)] }, [
    'finishedAt',
  ]);

describe('the events of a run', () => {
  test('say the whole state at once, and again when it has changed, until the verdict', async () => {
    site.runs.set('told', live('told'));
    const reader = await follow('told');
    await until(() => reader.states.length === 1);
    expect(reader.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(reader.states[0]).toMatchObject({
      word: 'Running',
      tone: 'busy',
      steps: [{ slug: 'test', state: 'running', log: { lines: 0, bytes: 0, markers: 0 } }],
    });

    await site.write('told', { stage: 'test' }, '::group::a\nb');
    await until(() => reader.states.length === 2);
    expect(reader.states[1]!.steps[0]!.log).toEqual({ lines: 2, bytes: 12, markers: 1 });

    site.runs.set('told', run({ name: 'told' }));
    await until(() => reader.ended);
    expect(reader.states.at(-1)).toMatchObject({
      word: 'Failed',
      tone: 'bad',
      title: 'test failed: TestRouter',
    });
    expect(reader.text()).toContain('event: end\n');
  }, 20_000);

  test('of one run are looked for once, however many follow it', async () => {
    site.runs.set('many', live('many'));
    let looks = 0;
    site.parts.findRun = (name) => {
      looks += 1;
      return site.runs.get(name) ?? null;
    };
    const opened = await Promise.all(Array.from({ length: 20 }, () => follow('many')));
    await until(() => opened.every(({ states }) => states.length === 1));
    const before = looks;

    await site.write('many', { stage: 'test' }, 'x\n');
    await until(() => opened.every(({ states }) => states.length === 2));

    expect(looks - before).toBeLessThan(5);
  });

  test('are no more looked for when nobody follows', async () => {
    site.runs.set('left', live('left'));
    let looks = 0;
    site.parts.findRun = (name) => {
      looks += 1;
      return site.runs.get(name) ?? null;
    };
    const reader = await follow('left');
    await until(() => reader.states.length === 1);
    reader.leave();
    const other = await follow('left');
    await until(() => other.states.length === 1);
    other.leave();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = looks;

    site.runs.set('else', live('else'));
    const third = await follow('else');
    await until(() => third.states.length === 1);
    await site.write('else', { stage: 'test' }, 'x\n');
    await until(() => third.states.length === 2);

    // The request itself, and two looks at the other run.
    expect(looks - before).toBeLessThanOrEqual(4);
  });

  test('are for so many readers of one run, and no more', async () => {
    site.runs.set('full', live('full'));
    const opened = await Promise.all(Array.from({ length: 200 }, () => follow('full')));
    expect(opened.map(({ response }) => response.statusCode)).not.toContain(503);

    const late = await follow('full');
    expect(late.response.statusCode).toBe(503);
    expect(late.response.headers['retry-after']).toBe('30');

    site.runs.set('other', live('other'));
    expect((await follow('other')).response.statusCode).toBe(200);
  });
});

test('the end of the server ends all streams, which pages open again', async () => {
  const other = await startTestSite();
  other.runs.set('run', live('run'));
  const reader = await follow('run', other);
  await until(() => reader.states.length === 1);

  await other.close();

  await until(() => reader.ended);
  expect(reader.text()).not.toContain('event: end');
});

interface Reader {
  readonly response: IncomingMessage;
  readonly states: readonly WireRun[];
  readonly ended: boolean;
  text(): string;
  leave(): void;
}

async function follow(name: string, at = site): Promise<Reader> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request({
    port: at.port,
    host: '127.0.0.1',
    path: `${at.page(name)}/events`,
    agent: false,
  });
  outgoing.on('response', resolve).on('error', reject).end();
  const response = await promise;
  let text = '';
  let ended = false;
  response.setEncoding('utf8').on('data', (data) => {
    text += data;
  });
  response.on('end', () => {
    ended = true;
  });
  response.on('error', () => {});
  const reader: Reader = {
    response,
    get states() {
      return [...text.matchAll(/^data: (\{"now".*\})$/gm)].map(([, json]) => JSON.parse(json!) as WireRun);
    },
    get ended() {
      return ended;
    },
    text: () => text,
    leave: () => outgoing.destroy(),
  };
  readers.push(reader);
  return reader;
}
