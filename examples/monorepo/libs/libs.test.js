import assert from 'node:assert/strict';
import { test } from 'node:test';

test('libs adds up', () => {
  assert.equal(1 + 1, 2);
});
