import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, run, startTestSite, step, until } from './test-site.ts';

let site: Awaited<ReturnType<typeof startTestSite>>;

beforeAll(async () => {
  site = await startTestSite();
});
beforeEach(() => site.clear());
afterAll(() => site.close());

describe('the page of a run', () => {
  test('says what ran, for whom and how it ended', async () => {
    site.runs.set('run', run({ attempt: 2, decisions: ['Go 1.25 from go.mod'] }));

    const { status, headers, body } = await site.get(site.page('run'));

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    for (const part of [
      '<title>test failed: TestRouter · acme/api</title>',
      '<a href="https://github.com/acme/api/commit/4f2c9ab" title="4f2c9ab1d0e37765a1b2c3d4e5f60718293a4b5c"><code>4f2c9ab</code></a>',
      'feature/router',
      'attempt 2',
      'push by octocat',
      '2026-11-23 08:15:00 UTC',
      'failed, exit code 1',
      '<li id="took">50 s</li>',
      'Go 1.25 from go.mod',
      '<a href="#test-end">Go to the failure</a>',
    ]) {
      expect(body).toContain(part);
    }
    expect(body).not.toContain('http-equiv="refresh"');
  });

  test('links the other attempts, each with its state', async () => {
    const attempts = [
      { attempt: 1, name: 'run', state: 'failure' as const },
      { attempt: 2, name: 'again', state: 'success' as const },
    ];
    site.runs.set('run', run({ attempts }));

    const { body } = await site.get(site.page('run'));

    expect(body).toContain(`<a aria-current="page" href="${site.page('run')}">`);
    expect(body).toMatch(
      new RegExp(`<a href="${site.page('again')}">.*Attempt 2<span class="heard">, Succeeded</span></a>`),
    );
  });

  test('opens by its links for as long as the operator says after its end, and while it goes on', async () => {
    site.parts.linksExpire = 3_600;
    site.runs.set('run', run());
    site.runs.set('live', run({ name: 'live', state: 'in_progress' }, ['finishedAt']));
    const status = async (path: string) => (await site.get(path)).status;

    expect(await status(site.page('run'))).toBe(200);
    site.parts.now = () => at(50 + 3_601);
    expect(await status(site.page('run'))).toBe(404);
    expect(await status(`${site.page('run')}/logs/test`)).toBe(404);
    expect(await status(`${site.page('run')}/events`)).toBe(404);
    expect(await status(site.page('live'))).toBe(200);
  });

  test('opens the step that failed, no other', async () => {
    site.runs.set('run', run());
    const { body } = await site.get(site.page('run'));

    expect(body).toContain('<details class="card step" id="clone"><summary');
    expect(body).toContain('<details class="card step" id="test" open><summary');
    expect(body).toContain('<section class="card step" id="build">');
  });

  test('loads itself anew while the run is not finished, and opens what runs', async () => {
    site.runs.set('run', run({ state: 'in_progress', steps: [step('test', 'running', 0)] }, ['finishedAt']));

    const { body } = await site.get(site.page('run'));

    expect(body).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>');
    expect(body).toContain('id="test" open');
    expect(body).toContain('<span class="took">1 m 00 s</span>');
    expect(body).toContain('Nothing written yet.');
  });

  test('shows a log’s lines, folds its groups and links the raw log beside the page', async () => {
    site.runs.set('shown', run({ name: 'shown' }));
    await site.write('shown', { stage: 'test' }, '::group::go test ./...\nok\n::endgroup::\n');

    const { body } = await site.get(site.page('shown'));

    expect(body).toContain('3 lines');
    expect(body).toContain('<details class="group" open><summary class="line" id="test-L1">');
    expect(body).toContain('<span class="text">ok</span>');
    const raw = /<a href="([^"]+)" aria-label="Raw log of test">Raw log<\/a>/.exec(body)![1]!;
    expect(new URL(raw, `http://x/prefix${site.page('shown')}`).pathname).toBe(
      `/prefix${site.page('shown')}/logs/test`,
    );
  });

  test('texts of events and logs are never markup', async () => {
    const evil = '"><script>alert(1)</script></pre></details>\u202e\0';
    site.runs.set(
      'evil',
      run({
        ...Object.fromEntries(
          ['repository', 'sha', 'ref', 'project', 'checkName', 'title', 'trigger'].map((key) => [key, evil]),
        ),
        name: 'evil',
        commitUrl: 'javascript:alert(1)',
        decisions: [evil],
        steps: [{ ...step('test', 'failed', 0, 1), ref: { stage: 'test', variant: evil }, label: evil }],
      }),
    );
    await site.write(
      'evil',
      { stage: 'test', variant: evil },
      `${evil}\n::group::${evil}\n\u001b]8;;javascript:1\u0007x\n`,
    );

    const { body: page } = await site.get(site.page('evil'));

    const [body = '', ...scripts] = page.split('<script type="module">');
    expect(scripts).toHaveLength(1);
    expect(body).not.toContain('<script');
    expect(body).not.toContain('</pre>');
    expect(body).not.toContain('href="javascript');
    expect(body).not.toMatch(/(?!\n)\p{Cc}|\p{Bidi_Control}/u);
    expect(body.match(/<details/g)!.length).toBe(body.match(/<\/details>/g)!.length);
  });

  test('of a long log the end is shown, with the numbers that the lines have, and links to the rest', async () => {
    site.runs.set('long', run({ name: 'long' }));
    const lines = Array.from({ length: 7_000 }, (_, index) => `line ${index + 1}\n`);
    await site.write('long', { stage: 'clone' }, lines.join(''));
    await site.write('long', { stage: 'test' }, lines.join(''));

    const { body } = await site.get(site.page('long'));

    expect(body).toContain('Lines 6,601 to 7,000 of 7,000');
    expect(body).toContain('Lines 6,001 to 7,000 of 7,000');
    expect(body).not.toContain('id="test-L6000"');
    expect(body).toMatch(/>6001<\/a><time [^>]*>08:15:00<\/time><span class="text">line 6001<\/span>/);
    expect(body).toContain('id="clone-L7000"');

    const earlier = /<a href="[^"?]*(\?step=test[^"#]*)#test">Earlier lines</.exec(body)![1]!;
    const { body: before } = await site.get(`${site.page('long')}${earlier.replace('&amp;', '&')}`);
    expect(before).toContain('Lines 5,001 to 6,000 of 7,000');
    expect(before).toContain('>line 5001<');
    expect(before).not.toContain('>line 6001<');
    expect(before).toContain('Later lines');
    expect(before).not.toContain('http-equiv="refresh"');
  });

  test('a line of five megabytes makes a small page', async () => {
    site.runs.set('wide', run({ name: 'wide' }));
    await site.write('wide', { stage: 'test' }, `${'x'.repeat(5_000_000)}\n`);

    const { body } = await site.get(site.page('wide'));

    expect(body.length).toBeLessThan(70_000);
    expect(body).toContain('this line goes on for');
  });

  test('a log that cannot be read leaves the rest of the page whole', async () => {
    site.runs.set('run', run());
    site.parts.readLog = () => failing(0);

    const { status, body } = await site.get(site.page('run'));

    expect(status).toBe(200);
    expect(body).toContain('The log cannot be read further just now.');
    expect(body).toContain('</html>');
    expect(site.logged[0]).toMatchObject({ message: 'a log cannot be read' });
  });

  test('a log that breaks off while it is shown leaves every element closed', async () => {
    site.runs.set('run', run());
    let reads = 0;
    site.parts.readLog = async function* () {
      yield Buffer.from('::group::go test\nok\n');
      if (++reads % 2 === 0) throw new Error('disk');
    };

    const { body } = await site.get(site.page('run'));

    expect(body).toContain('The log cannot be read further just now.');
    for (const name of ['div', 'details', 'span', 'section']) {
      expect([name, body.split(`<${name}`).length]).toEqual([name, body.split(`</${name}>`).length]);
    }
  });

  test('a log that broke off for one reader is whole for the next', async () => {
    site.runs.set('broken', run({ name: 'broken' }));
    await site.write('broken', { stage: 'test' }, 'one\ntwo\n');
    const { readLog } = site.parts;
    site.parts.readLog = async function* (...where) {
      yield* readLog(...where);
      throw new Error('disk');
    };
    const { body: before } = await site.get(site.page('broken'));
    site.parts.readLog = readLog;

    const { body } = await site.get(site.page('broken'));

    expect(before).toContain('cannot be read further');
    expect(body).not.toContain('cannot be read further');
    expect(body).toContain('>two<');
  });

  test('groups within groups are open where the step failed, folded elsewhere', async () => {
    site.runs.set('groups', run({ name: 'groups' }));
    for (const stage of ['clone', 'test'] as const) {
      await site.write(
        'groups',
        { stage },
        '::group::outer\n::group::inner\nx\n::endgroup::\n::endgroup::\n',
      );
    }

    const { body } = await site.get(site.page('groups'));

    expect(body).toContain('<details class="group"><summary class="line" id="clone-L2">');
    expect(body).toContain('<details class="group" open><summary class="line" id="test-L2">');
  });

  test('HEAD reads no log and has no body', async () => {
    site.runs.set('run', run());
    site.parts.readLog = () => {
      throw new Error('not asked for');
    };

    for (const path of [site.page('run'), `${site.page('run')}/logs/test`]) {
      expect(await site.ask('HEAD', path)).toMatchObject({ status: 200, body: '' });
    }
    expect(site.logged).toEqual([]);
  });
});

describe('the page of a check without a run', () => {
  test('shows its report as text', async () => {
    site.runs.set('gate-1', {
      report: { title: 'Skipped <b>', summary: '| a |\n<script>alert(1)</script>' },
    });

    const { status, body } = await site.get(site.page('gate-1'));

    expect(status).toBe(200);
    expect(body).toContain('<h1>Skipped &lt;b&gt;</h1>');
    expect(body).toContain('| a |\n&lt;script&gt;alert(1)&lt;/script&gt;</pre>');
    expect((await site.get(`${site.page('gate-1')}/logs/test`)).status).toBe(404);
  });
});

describe('raw logs', () => {
  test('are the bytes that the step wrote, as text, with a name to save them under', async () => {
    site.runs.set(
      'raw',
      run({ name: 'raw', steps: [{ ...step('test', 'failed'), ref: { stage: 'test', variant: '1.25' } }] }),
    );
    await site.write('raw', { stage: 'test', variant: '1.25' }, '\u001b[31m<b>\0\n');

    const { status, headers, body } = await site.get(`${site.page('raw')}/logs/test-1.25`);

    expect({ status, body }).toEqual({ status: 200, body: '\u001b[31m<b>\0\n' });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['content-disposition']).toBe('inline; filename="raw-test-1.25.log"');
  });

  test.each(['nothing', '', '..%2f..%2fetc%2fpasswd', 'test/more', 'test-9'])(
    'a step %p that the run does not have is not found',
    async (slug) => {
      site.runs.set('run', run());

      expect((await site.get(`${site.page('run')}/logs/${slug}`)).status).toBe(404);
    },
  );

  test('are empty for a step that wrote nothing', async () => {
    site.runs.set('run', run());

    expect(await site.get(`${site.page('run')}/logs/build`)).toMatchObject({ status: 200, body: '' });
  });

  test('that cannot be read are an error; one that breaks off is not a complete answer', async () => {
    site.runs.set('run', run());

    site.parts.readLog = () => failing(0);
    expect(await site.get(`${site.page('run')}/logs/test`)).toMatchObject({
      status: 500,
      body: 'internal error\n',
    });

    site.parts.readLog = () => failing(3);
    await expect(site.get(`${site.page('run')}/logs/test`)).rejects.toThrow();
    expect(site.logged.map(({ message }) => message)).toEqual(['a request failed', 'a request failed']);
  });

  test('are read at the reader’s pace, and closed when the reader goes away', async () => {
    site.runs.set('run', run());
    let read = 0;
    let closed = false;
    site.parts.readLog = async function* () {
      try {
        for (; read < 500_000_000; read += 65_536) yield new Uint8Array(65_536);
      } finally {
        closed = true;
      }
    };
    const reader = request({ port: site.port, host: '127.0.0.1', path: `${site.page('run')}/logs/test` });
    const response = await new Promise<NodeJS.ReadableStream & { destroy(): void }>((resolve) => {
      reader.on('response', resolve).end();
    });
    response.pause();

    await settled(() => read);
    expect(read).toBeLessThan(50_000_000);
    response.destroy();

    await until(() => closed);
    expect(site.logged).toEqual([]);
  });
});

/** Resolves once the value has stayed the same for a while. */
async function settled(value: () => number): Promise<void> {
  let last = -1;
  await until(() => {
    const same = last === value() && last > 0;
    last = value();
    return same;
  });
}

/** A log that breaks off after so many bytes. */
async function* failing(after: number): AsyncGenerator<Uint8Array> {
  for (let bytes = 0; bytes < after; bytes++) yield new Uint8Array([0x61]);
  throw new Error('disk');
}
