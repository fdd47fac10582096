import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '../../../src/core/commands/command.ts';
import { parseCommands } from '../../../src/core/commands/parse-commands.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';

describe('a command', () => {
  test.each<[string, Command]>([
    ['/tekton-ci retest', { kind: 'retest', project: null }],
    ['/tekton-ci retest web', { kind: 'retest', project: 'web' }],
    ['/tekton-ci cancel', { kind: 'cancel' }],
    [`/tekton-ci approve ${SHA}`, { kind: 'approve', sha: SHA }],
    [`/tekton-ci approve ${SHA.toUpperCase()}`, { kind: 'approve', sha: SHA }],
    ['/tekton-ci deploy staging', { kind: 'deploy', to: 'staging' }],
    ['/tekton-ci why', { kind: 'why' }],
    ['/tekton-ci help', { kind: 'help' }],
    ['/tekton-ci', { kind: 'help' }],
    ['   /tekton-ci \t why  ', { kind: 'why' }],
    ['/tekton-ci why\r\n', { kind: 'why' }],
    ['Please.\r\n\r\n/tekton-ci why\r\nThank you.', { kind: 'why' }],
    ['> why is it red?\n\n/tekton-ci why', { kind: 'why' }],
    ['<!-- a template -->\n/tekton-ci why', { kind: 'why' }],
    ['```\nlog\n```\n/tekton-ci why', { kind: 'why' }],
    ['Result\n--------\n/tekton-ci why', { kind: 'why' }],
  ])('is understood in %j', (text, command) => {
    expect(parseCommands(text)).toEqual([command]);
  });

  test.each([
    ['of another name', '/tekton-ci-extra retest'],
    ['in the middle of a line', 'Try /tekton-ci retest'],
    ['in inline code', '`/tekton-ci retest`'],
    ['in a fence', '```\n/tekton-ci retest\n```'],
    ['in a fence that never ends', '~~~\n/tekton-ci retest'],
    ['that is indented as code', 'Do this:\n\n    /tekton-ci retest'],
    ['in a quote', '> /tekton-ci retest'],
    ['in the lazy part of a quote', '> He said\n/tekton-ci retest'],
    ['in a quote in a list', '- > /tekton-ci retest'],
    ['in a list', '- /tekton-ci retest'],
    ['in the further lines of a list', '1. Do\n   /tekton-ci retest'],
    ['in a heading', '# /tekton-ci retest'],
    ['in a table', '| a |\n| - |\n| /tekton-ci retest |'],
    ['in a comment of HTML', '<!--\n/tekton-ci retest\n-->'],
    ['in a comment within a line', 'Well <!--\n/tekton-ci retest\n--> done'],
    ['in a comment that never ends', 'Well <!--\n/tekton-ci retest'],
    ['in a fold', '<details>\n/tekton-ci retest\n</details>'],
    ['in a quote deep within others', `${'> '.repeat(500)}a\n/tekton-ci retest`],
    ['in nothing', ''],
  ])('%s is none', (_, text) => {
    expect(parseCommands(text)).toEqual([]);
  });

  test.each([
    ['/tekton-ci retset', 'Did you mean `/tekton-ci retest`?'],
    ['/tekton-ci Why', 'Did you mean `/tekton-ci why`?'],
    ['/tekton-ci make-coffee', 'There is no such command.'],
    ['/tekton-ci cancel all', '`cancel` takes nothing after it.'],
    ['/tekton-ci retest api web', '`retest` takes the name of one project'],
    ['/tekton-ci deploy', '`deploy` takes the name of one environment.'],
    ['/tekton-ci approve', 'all 40 digits'],
    [`/tekton-ci approve ${SHA.slice(0, 12)}`, 'all 40 digits'],
    [`/tekton-ci approve ${SHA} please`, 'all 40 digits'],
    [`/tekton-ci approve ${SHA}0`, 'all 40 digits'],
  ])('that is not understood gets advice: %s', (text, advice) => {
    expect(parseCommands(text)).toEqual([{ kind: 'unclear', advice: expect.stringContaining(advice) }]);
  });

  test('may be followed by others, up to five', () => {
    const text = Array.from({ length: 9 }, () => '/tekton-ci why').join('\n');

    expect(parseCommands(text)).toHaveLength(5);
  });
});

describe('any text', () => {
  test('can be read', () => {
    const parts = fc.constantFrom(
      '/tekton-ci',
      ' retest',
      '\n',
      '\r\n',
      '> ',
      '- ',
      '```',
      '<!--',
      '-->',
      '`',
      '1. ',
      '    ',
    );
    const text = fc.array(fc.oneof(parts, fc.string()), { maxLength: 40 }).map((all) => all.join(''));

    fc.assert(fc.property(text, (any) => void parseCommands(any)));
  });

  test('that is quoted holds no command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (any) => {
        const quoted = `${any}\n/tekton-ci cancel`.replace(/^/gmu, '> ');

        expect(parseCommands(quoted)).toEqual([]);
      }),
    );
  });

  /** Each was slow, or too deep, for one way of reading it. */
  test.each(['>', '> - ', '1. ', '- ', '_a*', '[', '![', '`', '<!--', '<', '|a|\n|-|\n', '[^a]: x\n', '-\n'])(
    'as long as GitHub allows is read soon: %j',
    (part) => {
      const text = part.repeat(65_500 / part.length);
      const start = performance.now();

      parseCommands(`${text}\n\n/tekton-ci why`);

      // A second in peace; a minute was what it took.
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  );
});
