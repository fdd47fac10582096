import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkDigest } from '../../../src/core/report/check-digest.ts';
import { cutBytes } from '../../../src/core/report/cut-bytes.ts';
import { elapsed } from '../../../src/core/report/elapsed.ts';
import { refusedReport, skippedReport } from '../../../src/core/report/plain-output.ts';
import { runCheck } from '../../../src/core/report/run-check.ts';
import { sameStep, stepLabel } from '../../../src/core/report/step-label.ts';
import { anyText } from '../../any-text.ts';
import { at, done, FACTS, failed } from './examples.ts';

describe('a stretch of time as people say it', () => {
  test.each([
    [0, '0.0 s'],
    [0.44, '0.4 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [12.4, '12 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [185, '3 min 5 s'],
    [3599.6, '1 h 0 min'],
    [3725, '1 h 2 min'],
    [-5, '0.0 s'],
  ])('%d seconds: %s', (seconds, text) => {
    expect(elapsed(at(0), at(seconds))).toBe(text);
  });
});

describe('a text cut by bytes', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;

  test.each([
    ['abc', 3, 'abc'],
    ['abcdef', 5, 'ab…'],
    ['ééé', 6, 'ééé'],
    ['éééé', 6, 'é…'],
    ['a😀😀', 8, 'a😀…'],
    ['a😀b', 5, 'a…'],
    ['\uFEFFabcdef', 7, '\uFEFFa…'],
    ['abc\uFFFDdefgh', 10, 'abc\uFFFDd…'],
    ['abcdef', 3, '…'],
    ['abcdef', 2, 'ab'],
    ['éé', 1, ''],
    ['abc', 0, ''],
  ])('%j in %d bytes is %j', (text, limit, cut) => {
    expect(cutBytes(text, limit)).toBe(cut);
  });

  test('may end with another note', () => {
    expect(cutBytes('abcdefgh', 6, ' [cut]')).toBe(' [cut]');
    expect(cutBytes('abcdefgh', 7, ' [cut]')).toBe('a [cut]');
  });

  test('never has more bytes, is whole characters of the beginning, and as many as fit', () => {
    const text = fc.oneof(anyText(), fc.string({ unit: fc.constantFrom('a', 'é', '日', '😀', '\uFEFF') }));
    fc.assert(
      fc.property(text, fc.nat({ max: 60 }), (any, limit) => {
        const cut = cutBytes(any, limit);
        expect(bytes(cut)).toBeLessThanOrEqual(limit);
        expect(cut.isWellFormed()).toBe(true);
        if (cut === any) return;
        const kept = cut.replace(/…$/, '');
        expect(any.startsWith(kept)).toBe(true);
        const [next = ''] = any.slice(kept.length);
        expect(bytes(cut) + bytes(next)).toBeGreaterThan(limit);
      }),
    );
  });
});

test('a step is called by its stage and its variant', () => {
  expect(stepLabel({ stage: 'build' })).toBe('build');
  expect(stepLabel({ stage: 'test', variant: '1.25' })).toBe('test 1.25');
  expect(sameStep({ stage: 'test' }, { stage: 'test' })).toBe(true);
  expect(sameStep({ stage: 'test' }, { stage: 'test', variant: '1.25' })).toBe(false);
  expect(sameStep({ stage: 'test' }, { stage: 'build' })).toBe(false);
});

describe('the digest of a check', () => {
  test('is the same while GitHub would show the same', () => {
    const later = { ...failed(), finishedAt: at(99) };

    expect(checkDigest(runCheck(FACTS, later))).toBe(checkDigest(runCheck(FACTS, failed())));
  });

  test('differs by status, conclusion, title, summary and annotations', () => {
    const check = runCheck(FACTS, done());
    const annotation = { path: 'a', startLine: 1, endLine: 1, level: 'failure', message: 'm' } as const;
    const checks = [
      check,
      { ...check, status: 'queued' as const },
      { ...check, conclusion: 'failure' as const },
      { ...check, output: { ...check.output, title: 'other' } },
      { ...check, output: { ...check.output, summary: 'other' } },
      { ...check, output: { ...check.output, annotations: [annotation] } },
    ];

    expect(new Set(checks.map(checkDigest)).size).toBe(checks.length);
  });
});

test('a skipped and a refused commit have a check and a page of plain text', () => {
  expect(skippedReport('the message says [skip ci]')).toEqual({
    conclusion: 'skipped',
    output: { title: 'Skipped', summary: 'the message says \\[skip ci\\]', annotations: [] },
    page: { title: 'Skipped', summary: 'the message says [skip ci]' },
  });
  expect(refusedReport('use `ls`')).toEqual({
    conclusion: 'failure',
    output: { title: 'This commit cannot be run', summary: 'use \\`ls\\`', annotations: [] },
    page: { title: 'This commit cannot be run', summary: 'use `ls`' },
  });
});
