import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';
import { failureCard, failureName } from '../../../src/core/report/failure-card.ts';
import type { Finding } from '../../../src/core/report/failures/finding.ts';
import { anyText } from '../../any-text.ts';

function finding(name: string, rest: Partial<Finding> = {}): Finding {
  return { kind: 'test', level: 'failure', name, message: '', place: null, line: 1, ...rest };
}

describe('the name of a failure', () => {
  test.each([
    ['nothing that is understood', [], null],
    ['one', [finding('TestRouter')], 'TestRouter'],
    ['several', [finding('TestRouter'), finding('TestB'), finding('TestC')], 'TestRouter (+2)'],
    ['a warning before it', [finding('W1', { level: 'warning' }), finding('TestB')], 'TestB'],
    ['warnings alone', [finding('W1', { level: 'warning' }), finding('W2', { level: 'warning' })], 'W1 (+1)'],
  ])('of %s', (_what, findings, expected) => {
    expect(failureName({ findings, lines: [] })).toBe(expected);
  });
});

describe('a failure card', () => {
  test.each([
    ['/workspace/source/checkout/api/a.js', 'api/a.js'],
    ['/var/lib/tekton-ci/runs/api-1/tasks/ci/workspaces/source/checkout/a.js', 'a.js'],
    ['/usr/lib/a.js', '/usr/lib/a.js'],
    ['checkout/a.js', 'checkout/a.js'],
  ])('calls %s %s', (path, expected) => {
    const card = failureCard({ findings: [finding('TestB', { place: { path, line: 4 } })], lines: [] });

    expect(card).toBe(`**TestB** at \`${expected}:4\``);
  });

  test('shows the first failure in full, the others by name, and the last lines', () => {
    const findings = [
      finding('TestRouter/empty', {
        message: 'got 404\nwant 200',
        place: { path: 'router/router_test.go', line: 12, column: 3 },
      }),
      finding('TestB', { place: { path: 'b_test.go', line: 4 } }),
    ];

    expect(failureCard({ findings, lines: ['$ go test ./...', 'FAIL'] })).toBe(
      [
        '**TestRouter/empty** at `router/router_test.go:12:3`',
        '```text\ngot 404\nwant 200\n```',
        '<details><summary>1 more failure</summary>\n\n- TestB at `b_test.go:4`\n\n</details>',
        '<details><summary>Last lines of the log</summary>\n\n```text\n$ go test ./...\nFAIL\n```\n\n</details>',
      ].join('\n\n'),
    );
  });

  test('shows the last lines at once where nothing is understood', () => {
    expect(failureCard({ findings: [], lines: ['Killed'] })).toBe('```text\nKilled\n```');
  });

  test('is bounded and closed, and nothing in it is markup, whatever the log says', () => {
    const hostile = fc.constantFrom('```', '</details>', '<b>', '@team', '| a |', 'x'.repeat(9000));
    const text = fc.oneof(anyText({ maxLength: 300 }), hostile);
    const any = fc.record({
      kind: fc.constant('test' as const),
      level: fc.constantFrom('failure' as const, 'warning' as const),
      name: text,
      message: fc.array(text, { maxLength: 40 }).map((lines) => lines.join('\n')),
      place: fc.option(fc.record({ path: text, line: fc.nat() })),
      line: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), fc.array(text, { maxLength: 31 }), (findings, lines) => {
        const card = failureCard({ findings, lines });

        expect(new TextEncoder().encode(card).length).toBeLessThanOrEqual(40_000);
        const markup = marked.parse(card, { async: false }).replace(/<code[^>]*>[\s\S]*?<\/code>/g, '');
        const count = (tag: string) => markup.split(tag).length - 1;
        expect(count('<details>')).toBe(count('</details>'));
        expect(markup).not.toContain('<b>');
      }),
      { numRuns: 300 },
    );
  });
});
