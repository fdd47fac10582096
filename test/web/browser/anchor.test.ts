import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../any-text.ts';

interface Range {
  readonly slug: string;
  readonly from: number;
  readonly to: number;
}

const path: string = '../../../src/web/browser/anchor.js';
const { parseAnchor, formatAnchor } = (await import(path)) as {
  parseAnchor(hash: string): Range | null;
  formatAnchor(range: Range): string;
};

describe('the address of lines', () => {
  test.each([
    ['#test-L14', { slug: 'test', from: 14, to: 14 }],
    ['#test-L14-L20', { slug: 'test', from: 14, to: 20 }],
    ['#test-L20-L14', { slug: 'test', from: 14, to: 20 }],
    ['#test-1.25-L3', { slug: 'test-1.25', from: 3, to: 3 }],
    ['#test-%3E%3D3-L3', { slug: 'test->=3', from: 3, to: 3 }],
    ['#test', null],
    ['#test-end', null],
    ['#test-L0', null],
    ['#test-L99999999999', null],
    ['#%-L1', { slug: '%', from: 1, to: 1 }],
    ['', null],
  ])('%j is %j', (hash, range) => {
    expect(parseAnchor(hash)).toEqual(range);
  });

  test('is read as it was written', () => {
    const slug = anyText({ minLength: 1, maxLength: 20 }).filter(
      (text) => text.isWellFormed() && !/-L\d/.test(text),
    );
    const line = fc.integer({ min: 1, max: 999_999_999 });
    fc.assert(
      fc.property(slug, line, line, (name, a, b) => {
        const range = { slug: name, from: Math.min(a, b), to: Math.max(a, b) };
        expect(parseAnchor(formatAnchor(range))).toEqual(range);
      }),
    );
  });
});
