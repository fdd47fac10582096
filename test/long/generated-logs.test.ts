import { test } from '@jest/globals';
import fc from 'fast-check';
import { expectGoodCheck, generatedLog } from '../core/report/generated-logs.ts';

test('Whatever 50,000 logs say, their checks are within limits, whole, and begin with the cause', () => {
  fc.assert(fc.property(generatedLog, expectGoodCheck), { numRuns: 50_000 });
}, 1_200_000);
