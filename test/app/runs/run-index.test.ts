import { describe, expect, test } from '@jest/globals';
import type { ObservedRun } from '../../../src/app/ports.ts';
import { createRunIndex } from '../../../src/app/runs/run-index.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import { keyText } from '../../../src/core/pipeline/names.ts';
import { REPOSITORY, runKey, SHA } from '../../core/plan/examples.ts';

const told = (check?: string): ObservedRun => ({
  name: 'run',
  annotations: {
    [ANNOTATION.plan]: JSON.stringify({
      repository: REPOSITORY,
      sha: SHA,
      ref: { kind: 'branch', name: 'main' },
    }),
    [ANNOTATION.key]: keyText(runKey()),
    ...(check === undefined ? {} : { [ANNOTATION.check]: check }),
  },
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

describe('a repository that is renamed or transferred', () => {
  const made = (name: string, receivedAt: string, repository: object) => ({
    ...told(),
    name,
    annotations: {
      [ANNOTATION.plan]: JSON.stringify({
        repository: { ...REPOSITORY, ...repository },
        sha: SHA,
        ref: { kind: 'branch', name: 'main' },
        receivedAt,
      }),
      [ANNOTATION.key]: keyText(runKey()),
    },
  });

  test('is called as the newest run calls it, for older ones too', () => {
    const index = createRunIndex();
    index.put(made('new', '2026-01-02', { name: 'new-name', installationId: 8 }));
    index.put(made('old', '2026-01-01', {}));

    expect(index.repositoryOf(index.get('old')!)).toMatchObject({ name: 'new-name', installationId: 8 });
  });

  test('is called as an event calls it', () => {
    const index = createRunIndex();
    index.put(made('run', '2026-01-01', {}));
    index.met({ ...REPOSITORY, owner: 'globex' });

    expect(index.repositoryOf(index.get('run')!).owner).toBe('globex');
    expect(index.repositoryOf({ notes: { repository: { ...REPOSITORY, id: 43 } } } as never).owner).toBe(
      'acme',
    );
  });
});
