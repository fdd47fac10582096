import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../src/redis.js';

test('counts', async () => {
  await ask('redis', 'SET', 'visits', '41');

  assert.equal(await ask('redis', 'INCR', 'visits'), ':42');
});
