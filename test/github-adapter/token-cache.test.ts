import { expect, test } from '@jest/globals';
import { createTokenCache } from '../../src/github/token-cache.ts';

const NOW = new Date('2026-11-23T10:00:00Z');

function tokenUntil(time: string) {
  return { token: `until ${time}`, expiresAt: new Date(`2026-11-23T${time}Z`) };
}

test('a token that has grown old is renewed once, however many notice at the same time', async () => {
  let now = NOW;
  let mints = 0;
  const cache = createTokenCache({ now: () => now }, 60_000);
  await cache.get('a', async () => tokenUntil('10:30:00'));
  now = new Date('2026-11-23T10:29:30Z');

  const renew = async () => {
    mints += 1;
    return tokenUntil('11:29:30');
  };
  const tokens = await Promise.all([cache.get('a', renew), cache.get('a', renew), cache.get('a', renew)]);

  expect(tokens.map(({ token }) => token)).toEqual(Array.from({ length: 3 }, () => 'until 11:29:30'));
  expect(mints).toBe(1);
});

test('a mint that fails fails for all who wait for it, and for nobody after them', async () => {
  const cache = createTokenCache({ now: () => NOW }, 60_000);
  const fail = async () => Promise.reject(new Error('away'));

  const outcomes = await Promise.allSettled([cache.get('a', fail), cache.get('a', fail)]);

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await cache.get('a', async () => tokenUntil('11:00:00'))).token).toBe('until 11:00:00');
});

test('a token is forgotten by its own key only', async () => {
  const cache = createTokenCache({ now: () => NOW }, 60_000);
  await cache.get('a', async () => tokenUntil('11:00:00'));
  await cache.get('b', async () => tokenUntil('11:00:00'));

  cache.forget('a');

  expect((await cache.get('a', async () => tokenUntil('11:01:00'))).token).toBe('until 11:01:00');
  expect((await cache.get('b', async () => tokenUntil('11:01:00'))).token).toBe('until 11:00:00');
});
