import { test } from '@jest/globals';
import fc from 'fast-check';
import { expectGoodCheck, generatedLog } from './generated-logs.ts';

test('Whatever a log says, its check is within limits, whole, and begins with the cause', () => {
  fc.assert(fc.property(generatedLog, expectGoodCheck), { numRuns: 1000 });
});
