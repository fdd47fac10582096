import { expect, test } from '@jest/globals';
import { createRunQueue } from '../../src/local/run-queue.ts';
import { eventually } from './fixture.ts';

test('thousands of runs that come and go at once are told of their places a few times, not thousands', async () => {
  const count = 5000;
  const names = Array.from({ length: count }, (_, index) => `run-${index}`);
  const started: string[] = [];
  const release: (() => void)[] = [];
  let moves = 0;
  const queue = createRunQueue({
    concurrency: 2,
    start: (name) => {
      started.push(name);
      return new Promise((resolve) => release.push(resolve));
    },
    onMove: () => {
      moves += 1;
    },
  });
  const began = performance.now();

  for (const name of names) queue.add(name);
  expect(queue.ahead('run-4999')).toBe(4999);
  for (const name of names.slice(100, -1)) queue.remove(name);
  await eventually(() => queue.ahead('run-4999') === 98);
  await eventually(() => {
    for (const next of release.splice(0)) next();
    return started.length === 101;
  });

  expect(started).toEqual([...names.slice(0, 100), 'run-4999']);
  expect(moves).toBeLessThan(count);
  expect(performance.now() - began).toBeLessThan(5000);
});

test('a queue that is stopped starts nothing more', async () => {
  const started: string[] = [];
  const queue = createRunQueue({
    concurrency: 1,
    start: async (name) => void started.push(name),
    onMove: () => {},
  });

  queue.add('one');
  await eventually(() => started.length === 1);
  queue.add('two');
  queue.stop();
  await new Promise(setImmediate);

  expect(started).toEqual(['one']);
  expect(queue.remove('two')).toBe(true);
  expect(queue.remove('two')).toBe(false);
});
