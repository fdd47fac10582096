import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { markupOf } from '../../../src/web/html.ts';
import type { LogLine } from '../../../src/web/log/log-lines.ts';
import { renderLog } from '../../../src/web/log/render-log.ts';
import { anyText } from '../../any-text.ts';

describe('renderLog', () => {
  test('a line has its number, which is its link', async () => {
    expect(await render(['first', '<b>&'])).toBe(
      '<div class="line" id="test-L1"><a class="number" href="#test-L1">1</a><span class="text">first</span></div>\n' +
        '<div class="line" id="test-L2"><a class="number" href="#test-L2">2</a><span class="text">&lt;b&gt;&amp;</span></div>\n',
    );
  });

  test('a group folds its lines under its title, whose line keeps its number', async () => {
    const markup = await render(['::group::go test ./...', 'ok', '::endgroup::', 'after']);

    expect(outline(markup)).toEqual(['(open go test ./...', 'ok', ')', 'after']);
    expect(markup).toContain('<summary class="line" id="test-L1">');
    expect(markup).toContain('id="test-L4"');
    expect(markup).not.toContain('endgroup');
  });

  test('outer groups are open; inner ones only where that is asked for', async () => {
    const lines = ['::group::make', '::group::install', 'x', '::endgroup::', '::endgroup::'];

    expect(outline(await render(lines))).toEqual(['(open make', '(install', 'x', ')', ')']);
    expect(outline(await render(lines, true))).toEqual(['(open make', '(open install', 'x', ')', ')']);
  });

  test('groups left open are closed at the end, and ends without a beginning are nothing', async () => {
    expect(outline(await render(['::endgroup::', '::group::a', 'x']))).toEqual(['(open a', 'x', ')']);
  });

  test('a marker counts only at the beginning of a line', async () => {
    expect(outline(await render(['echo ::group::x', '::group::\u001b[1my', 'z']))).toEqual([
      'echo ::group::x',
      '(open y',
      'z',
      ')',
    ]);
  });

  test('a cut line says so', async () => {
    const pieces = renderLog(lines(['start'], 4_992_000), { slug: 'test', openGroups: false, marks: [] });

    expect(await join(pieces)).toContain('this line goes on for 4,992,000 bytes');
  });

  test('whatever a log says, elements are balanced, few deep, and none is the log’s own', async () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '::group::',
        '::group::</summary></details>',
        '::endgroup::',
        '</div></details>',
        '<script>',
      ),
      anyText(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 40 }), fc.boolean(), async (log, openGroups) => {
        const stack: string[] = [];
        let deepest = 0;
        for (const [, close, name] of (await render(log, openGroups)).matchAll(/<(\/?)([a-z]+)[^>]*>/g)) {
          if (close) expect(stack.pop()).toBe(name);
          else stack.push(name!);
          deepest = Math.max(deepest, stack.length);
          expect(['a', 'details', 'div', 'span', 'summary']).toContain(name);
        }

        expect(stack).toEqual([]);
        expect(deepest).toBeLessThanOrEqual(12);
      }),
    );
  });
});

async function render(log: readonly string[], openGroups = false): Promise<string> {
  return join(renderLog(lines(log), { slug: 'test', openGroups, marks: [] }));
}

async function* lines(log: readonly string[], droppedBytes = 0): AsyncGenerator<LogLine> {
  for (const [index, text] of log.entries()) yield { number: index + 1, text, droppedBytes };
}

async function join(pieces: ReturnType<typeof renderLog>): Promise<string> {
  let markup = '';
  for await (const piece of pieces) markup += markupOf(piece);
  return markup;
}

/** Lines as their text, groups as `(title` and `)`. */
function outline(markup: string): string[] {
  return [
    ...markup.matchAll(
      /<details class="group"( open)?>.*?<span class="text">(.*?)<\/span>|<span class="text">(.*?)<\/span>|(<\/details>)/gs,
    ),
  ].map(([, open, title, line, end]) => (end ? ')' : (line ?? `(${open ? 'open ' : ''}${title}`)));
}
