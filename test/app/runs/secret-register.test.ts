import { expect, test } from '@jest/globals';
import { createSecretRegister } from '../../../src/app/runs/secret-register.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';

test('a secret is known until an hour after it has expired', async () => {
  const clock = createFakeClock();
  const register = createSecretRegister(clock);
  const inTenMinutes = new Date(clock.now().getTime() + 600_000);

  register.add('first', inTenMinutes);
  await clock.advance(600 + 3600);
  register.add('second', new Date(clock.now().getTime() + 600_000));
  expect([...register.values()]).toEqual(['first', 'second']);
  await clock.advance(1);
  register.add('third', new Date(clock.now().getTime() + 600_000));

  expect([...register.values()]).toEqual(['second', 'third']);
});

test('a secret that comes again is known for as long as the last time says', async () => {
  const clock = createFakeClock();
  const register = createSecretRegister(clock);

  register.add('token', clock.now());
  register.add('token', new Date(clock.now().getTime() + 7_200_000));
  await clock.advance(3 * 3600 - 1);
  register.add('other', clock.now());

  expect([...register.values()]).toEqual(['token', 'other']);
});
