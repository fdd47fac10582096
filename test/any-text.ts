import fc from 'fast-check';

/**
 * Any Unicode text, as `fc.string({ unit: 'binary' })`, without the second that one takes to list every character before
 * the first case.
 */
export function anyText(constraints: fc.StringSharedConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: CHARACTER });
}

/** No halves of surrogate pairs: they are no character of their own. */
const CHARACTER = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));
