import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSettings } from '../../../src/core/settings/parse-settings.ts';
import { settingsFor } from '../../../src/core/settings/settings-for.ts';
import { mutatedText } from '../config/mutated-config.ts';
import { casesOf } from './cases.ts';

const VALID = casesOf('settings').map(({ text }) => text);

describe('parseSettings', () => {
  test('It has an answer to whatever a file holds, and every problem has a place in it', () => {
    fc.assert(
      fc.property(fc.oneof(mutatedText(VALID), fc.string({ maxLength: 200 })), (text) => {
        const parsed = parseSettings(text);
        const lines = text.split('\n').length;

        const misplaced = parsed.ok
          ? []
          : parsed.problems.filter(({ line, column }) => line < 1 || line > lines + 1 || column < 1);
        expect(misplaced).toEqual([]);
        expect(parsed.ok || parsed.problems.length > 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test.each(['$(x)', 'a$(params.x)b', '$$(x)'])(
    'Wherever %s is written, nothing of it is left',
    (hostile) => {
      const kept = VALID.flatMap((text) => everyWordReplaced(text, `"${hostile}"`)).filter((text) => {
        const parsed = parseSettings(text);
        return parsed.ok && JSON.stringify(parsed).includes('$(');
      });

      expect(kept).toEqual([]);
    },
  );

  test('A file that is too large is refused with what to do about it', () => {
    const parsed = parseSettings(`# ${'a'.repeat(64 * 1024)}`);

    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ code: 'file-too-large', line: 1, instead: expect.stringContaining('acme/*') }],
    });
  });

  test('Problems are told all at once, in the order of the file, those below wrong patterns too', () => {
    const parsed = parseSettings('repositories:\n  acme: { layout: pods }\nlayout: task\nfoo: 1\n');

    expect(parsed.ok ? [] : parsed.problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '2 repositories.acme',
      '2 repositories.acme.layout',
      '3 layout',
      '4 foo',
    ]);
  });

  test('Whatever is accepted has an answer for every repository', () => {
    fc.assert(
      fc.property(
        mutatedText(VALID),
        fc.constantFrom('acme/api', 'acme/.github', 'a/b'),
        (text, repository) => {
          const parsed = parseSettings(text);
          fc.pre(parsed.ok);

          const settings = settingsFor(parsed.settings, repository);

          expect(Object.keys(settings).toSorted()).toEqual(
            expect.arrayContaining(['clone', 'images', 'limits', 'namespace', 'podTemplate', 'secrets']),
          );
          const values = { ...settings, podTemplate: undefined, secrets: Object.values(settings.secrets) };
          expect(JSON.stringify(values)).not.toContain('"off"');
        },
      ),
      { numRuns: 50 },
    );
  });
});

/** The text once for each of its words, which are keys and values or parts of them. */
function everyWordReplaced(text: string, replacement: string): string[] {
  return [...text.matchAll(/[A-Za-z0-9/._-]+/g)].map(
    ({ index, 0: word }) => text.slice(0, index) + replacement + text.slice(index + word.length),
  );
}
