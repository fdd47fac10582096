import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyOfText, keyText } from '../../../src/core/pipeline/names.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';

const keys: fc.Arbitrary<RunKey> = fc.record({
  repositoryId: fc.nat(),
  project: fc.string(),
  sha: fc.string(),
  tag: fc.option(fc.string()),
  purpose: fc.constantFrom('verify', 'publish'),
  trust: fc.constantFrom('trusted', 'untrusted'),
  base: fc.option(fc.string()),
  attempt: fc.nat(),
});

test('every key is read back from its text', () => {
  fc.assert(fc.property(keys, (key) => expect(keyOfText(keyText(key))).toEqual(key)));
});

test.each(['', 'null', '{}', '[]', '[1,2]', '[1,"a","b",null,"verify","trusted",null,"1"]', '"text"', '{'])(
  '%s is no key',
  (text) => expect(keyOfText(text)).toBeNull(),
);
