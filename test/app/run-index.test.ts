import { expect, test } from '@jest/globals';
import type { ObservedRun } from '../../src/app/ports.ts';
import { createRunIndex } from '../../src/app/run-index.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';

const told = (check?: string): ObservedRun => ({
  name: 'run',
  annotations: { [ANNOTATION.plan]: '{}', ...(check === undefined ? {} : { [ANNOTATION.check]: check }) },
  createdAt: new Date(0),
  status: { phase: 'pending', ahead: 0 },
});

function indexWith(...runs: readonly ObservedRun[]) {
  const index = createRunIndex();
  for (const run of runs) index.put(run);
  return { ...index, check: () => index.get('run')?.annotations[ANNOTATION.check] };
}

test('what was written counts before the engine tells of it, and whatever older things it tells first', () => {
  const index = indexWith(told());

  index.annotated('run', { [ANNOTATION.check]: 'ours' });
  expect(index.check()).toBe('ours');
  index.put(told('older'));

  expect(index.check()).toBe('ours');
});

test('once the engine has told of what was written, it is believed again', () => {
  const index = indexWith(told());
  index.annotated('run', { [ANNOTATION.check]: 'ours' });
  index.put(told('ours'));

  index.put(told('theirs'));

  expect(index.check()).toBe('theirs');
});

test('the same holds when it told of it first', () => {
  const index = indexWith(told('ours'));
  index.annotated('run', { [ANNOTATION.check]: 'ours' });

  index.put(told('theirs'));

  expect(index.check()).toBe('theirs');
});

test('what was written can be forgotten in favour of what the engine tells', () => {
  const index = indexWith(told());
  index.annotated('run', { [ANNOTATION.check]: 'ours' });
  index.put(told('theirs'));
  expect(index.check()).toBe('ours');

  index.trustEngine();

  expect(index.check()).toBe('theirs');
  index.put(told('newer'));
  expect(index.check()).toBe('newer');
});

test('what was written on a run that is not known yet is kept for it', () => {
  const index = indexWith();
  index.annotated('run', { [ANNOTATION.check]: 'ours' });

  index.put(told());

  expect(index.check()).toBe('ours');
});
