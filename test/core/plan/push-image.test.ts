import { expect, test } from '@jest/globals';
import { pushImage } from '../../../src/core/plan/push-image.ts';
import { runKey } from './examples.ts';

const PUSHED = ['this is the default branch', 'this is the tag v1', 'push is always'];

test.each([
  ['auto', {}, 'this is the default branch'],
  ['auto', { tag: 'v1' }, 'this is the tag v1'],
  ['auto', { purpose: 'verify' }, 'only the default branch and tags push their image'],
  ['always', {}, 'push is always'],
  ['always', { purpose: 'verify' }, 'push is always'],
  ['never', {}, 'push is never'],
  ['never', { tag: 'v1' }, 'push is never'],
  ['auto', { trust: 'untrusted' }, 'the run is untrusted'],
  ['always', { trust: 'untrusted' }, 'the run is untrusted'],
  ['always', { purpose: 'verify', trust: 'untrusted' }, 'the run is untrusted'],
] as const)('push: %s, %j: %s', (push, key, because) => {
  expect(pushImage({ push }, runKey(key))).toEqual({ push: PUSHED.includes(because), because });
});
