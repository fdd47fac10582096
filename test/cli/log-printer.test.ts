import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLogPrinter } from '../../src/cli/log-printer.ts';
import { createRecordingOutput } from './recording-output.ts';

describe('createLogPrinter', () => {
  test.each([
    ['nothing at all', [], ''],
    ['a heading and the lines', ['one\ntwo\n'], '\n▸ test\none\ntwo\n'],
    ['lines that come in pieces', ['o', 'ne\ntw', 'o\n'], '\n▸ test\none\ntwo\n'],
    ['a last line without an end', ['one\ntwo'], '\n▸ test\none\ntwo\n'],
    ['groups as headings', ['::group::npm test\nok\n::endgroup::\n'], '\n▸ test\n$ npm test\nok\n'],
    [
      'markers that come in pieces',
      ['::gro', 'up::npm test\n::end', 'group::', '\n'],
      '\n▸ test\n$ npm test\n',
    ],
    ['a line without an end before a marker', ['::group::x\nlast::endgroup::\n'], '\n▸ test\n$ x\nlast\n'],
    ['the same in pieces', ['la', 'st', '::endgroup::\n', 'next\n'], '\n▸ test\nlast\nnext\n'],
    ['a marker without an end', ['a\n::endgroup::'], '\n▸ test\na\n'],
    [
      'text that only looks like a marker',
      ['::warning::x\n a ::group::b\n'],
      '\n▸ test\n::warning::x\n a ::group::b\n',
    ],
    ['dots that end in a marker-like text', ['..', '::group::x\n'], '\n▸ test\n..::group::x\n'],
    ['empty lines', ['\n\n'], '\n▸ test\n\n\n'],
    [
      "everything but the engine's remark on images",
      ['tekton-ci: running on this machine; the image x is not used\n'],
      '',
    ],
    ['the remark in pieces', ['tekton', '-ci: running on this machine; the image\na\n'], '\n▸ test\na\n'],
  ])('prints %s', (_what, chunks, expected) => {
    expect(printed(chunks, false)).toBe(expected);
  });

  test('prints dots at once, before their line has an end', () => {
    const output = createRecordingOutput();
    const printer = createLogPrinter(output.out, { label: 'test', parallel: false });

    printer.print('..');
    printer.print('.');

    expect(output.stdout()).toBe('\n▸ test\n...');
  });

  test.each([true, false])(
    'prints the same however the log is cut into pieces (in parallel: %s)',
    (parallel) => {
      const words = [
        '::group::',
        '::endgroup::',
        ':',
        '\n',
        'a',
        'tekton-ci: running on this machine;',
        '..',
      ];
      const log = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(''));
      fc.assert(
        fc.property(log, fc.array(fc.nat(9), { maxLength: 40 }), (text, cuts) => {
          expect(printed(cut(text, cuts), parallel)).toBe(printed(text === '' ? [] : [text], parallel));
        }),
        { numRuns: 1000 },
      );
    },
  );

  test('prefixes whole lines with the step when several run at the same time', () => {
    expect(printed(['::group::go test\nok', ' 1\nlast'], true)).toBe(
      'test 1.25 | $ go test\ntest 1.25 | ok 1\ntest 1.25 | last\n',
    );
  });
});

function cut(text: string, lengths: readonly number[]): string[] {
  let rest = text;
  const pieces = lengths.map((length) => {
    const piece = rest.slice(0, length);
    rest = rest.slice(length);
    return piece;
  });
  return [...pieces, rest];
}

function printed(chunks: readonly string[], parallel: boolean): string {
  const output = createRecordingOutput();
  const printer = createLogPrinter(output.out, { label: parallel ? 'test 1.25' : 'test', parallel });
  for (const chunk of chunks) printer.print(chunk);
  printer.end();
  return output.stdout();
}
