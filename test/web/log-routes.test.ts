import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { WireLines, WireOutline } from '../../src/web/wire.ts';
import { at, run, startTestSite } from './test-site.ts';

let site: Awaited<ReturnType<typeof startTestSite>>;

beforeAll(async () => {
  site = await startTestSite();
});
beforeEach(() => site.clear());
afterAll(() => site.close());

describe('lines of a log', () => {
  test('come with their parts and times, from any line, read from the nearest mark', async () => {
    site.runs.set('lines', run({ name: 'lines' }));
    for (let second = 0; second < 50; second++) {
      await site.write('lines', { stage: 'test' }, `\u001b[32mline\u001b[0m ${second + 1}\n`, second);
    }
    const offsets: unknown[] = [];
    const { readLog } = site.parts;
    site.parts.readLog = (name, step, offset) => {
      offsets.push(offset);
      return readLog(name, step, offset);
    };

    const lines = await json<WireLines>('lines', 'lines?from=40&count=2');

    expect(lines).toEqual({
      from: 40,
      lines: [
        { at: at(39).getTime(), parts: [['line', 'fore-green'], ' 40'] },
        { at: at(40).getTime(), parts: [['line', 'fore-green'], ' 41'] },
      ],
    });
    expect(offsets).toEqual([9 * 16 + 30 * 17]);
  });

  test('past the end are none', async () => {
    site.runs.set('run', run());

    expect(await json('run', 'lines?from=900&count=10')).toEqual({ from: 900, lines: [] });
  });

  test('are fewer when they are long, each cut', async () => {
    site.runs.set('wide', run({ name: 'wide' }));
    await site.write('wide', { stage: 'test' }, `${'x'.repeat(9_000)}\n`.repeat(200));

    const { lines } = await json<WireLines>('wide', 'lines?from=1&count=200');

    expect(lines.length).toBeLessThan(100);
    expect(lines[0]).toMatchObject({ dropped: 1_000 });
  });

  test.each([
    '',
    '?from=0&count=1',
    '?from=1&count=1001',
    '?from=x&count=1',
    '?from=1.5&count=1',
    '?from=1e99&count=1',
  ])('that are asked for by %j are refused', async (query) => {
    site.runs.set('run', run());

    expect((await site.get(`${site.page('run')}/logs/test/lines${query}`)).status).toBe(400);
  });
});

describe('the outline of a log', () => {
  test('has the groups with their times, and goes on with the log without reading it again', async () => {
    site.runs.set('groups', run({ name: 'groups' }));
    await site.write('groups', { stage: 'test' }, '::group::a\n', 1);
    await site.write('groups', { stage: 'test' }, '::endgroup::\n', 5);
    expect(await json<WireOutline>('groups', 'outline')).toEqual({
      lines: 2,
      bytes: 24,
      markers: 2,
      groups: [{ from: 1, to: 2, title: 'a', startedAt: at(1).getTime(), endedAt: at(5).getTime() }],
    });
    await site.write('groups', { stage: 'test' }, '::group::b\nx', 7);
    const offsets: unknown[] = [];
    const { readLog } = site.parts;
    site.parts.readLog = (name, step, offset) => {
      offsets.push(offset);
      return readLog(name, step, offset);
    };

    const outlines = await Promise.all([json<WireOutline>('groups', 'outline'), json('groups', 'outline')]);

    expect(outlines[0]!.groups[1]).toMatchObject({
      from: 3,
      to: null,
      startedAt: at(7).getTime(),
      endedAt: null,
    });
    expect(outlines[1]).toEqual(outlines[0]);
    expect(offsets.filter((offset) => offset !== 36)).toEqual([24]);
  });
});

describe('a search', () => {
  test('gives the lines that have the text', async () => {
    site.runs.set('found', run({ name: 'found' }));
    await site.write('found', { stage: 'test' }, 'a & b\nnothing\nA & B\n');

    expect(await json('found', `search?q=${encodeURIComponent('a & B')}`)).toEqual({
      lines: [1, 3],
      more: false,
    });
  });

  test.each(['', '?q=', `?q=${'x'.repeat(201)}`])('by %j is refused', async (query) => {
    site.runs.set('run', run());

    expect((await site.get(`${site.page('run')}/logs/test/search${query}`)).status).toBe(400);
  });
});

test.each([
  'logs/test/lines?from=1&count=1',
  'logs/test/outline',
  'logs/test/search?q=x',
  'events',
  'logs/test',
])('a wrong signature gets of %s what a name that does not exist gets', async (path) => {
  site.runs.set('run', run());
  const [nothing, wrong, tampered] = await Promise.all([
    site.get(`/runs/nothing/x/${path}`),
    site.get(`/runs/run/x/${path}`),
    site.get(`${site.page('run').slice(0, -1)}/${path}`),
  ]);

  expect(wrong.status).toBe(404);
  expect([wrong.body, tampered.body]).toEqual([nothing.body, nothing.body]);
});

async function json<Body>(name: string, path: string): Promise<Body> {
  const { status, headers, body } = await site.get(`${site.page(name)}/logs/test/${path}`);
  expect({ status, type: headers['content-type'] }).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
  });
  return JSON.parse(body) as Body;
}
