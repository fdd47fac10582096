import { expect, test } from '@jest/globals';
import { createSecretRegister } from '../../../src/app/runs/secret-register.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';

test('a secret is known until an hour after it has expired', async () => {
  const clock = createFakeClock();
  const register = createSecretRegister(clock);
  const inTenMinutes = new Date(clock.now().getTime() + 600_000);

  register.add('one', inTenMinutes);
  await clock.advance(600 + 3600);
  register.add('two', new Date(clock.now().getTime() + 600_000));
  expect([...register.values()]).toEqual(['one', 'two']);
  await clock.advance(1);
  register.add('six', new Date(clock.now().getTime() + 600_000));

  expect([...register.values()]).toEqual(['two', 'six']);
});

test('a secret that comes again is known for as long as the last time says', async () => {
  const clock = createFakeClock();
  const register = createSecretRegister(clock);

  register.add('key', clock.now());
  register.add('key', new Date(clock.now().getTime() + 7_200_000));
  await clock.advance(3 * 3600 - 1);
  register.add('two', clock.now());

  expect([...register.values()]).toEqual(['key', 'two']);
});

test('a secret is known as other programs write it', () => {
  const clock = createFakeClock();
  const register = createSecretRegister(clock);

  register.add('pass word/1', clock.now());

  expect([...register.values()]).toEqual(
    expect.arrayContaining(['pass word/1', 'cGFzcyB3b3JkLz', 'pass%20word%2F1', 'pass word\\/1']),
  );
});
