import { describe, expect, test } from '@jest/globals';
import { purposeOfPush } from '../../../src/core/plan/purpose-of-push.ts';
import { pushEvent, REPOSITORY } from './examples.ts';

describe('the default branch and tags publish, other branches verify', () => {
  test.each([
    { kind: 'branch', name: 'main', purpose: 'publish' },
    { kind: 'branch', name: 'Main', purpose: 'verify' },
    { kind: 'branch', name: 'feature/main', purpose: 'verify' },
    { kind: 'tag', name: 'v1.2.0', purpose: 'publish' },
    { kind: 'tag', name: 'main', purpose: 'publish' },
  ] as const)('$kind $name: $purpose', ({ kind, name, purpose }) => {
    expect(purposeOfPush(pushEvent({ ref: { kind, name } }))).toBe(purpose);
  });

  test('the default branch is the one that the repository names', () => {
    const repository = { ...REPOSITORY, defaultBranch: 'trunk' };

    expect(purposeOfPush(pushEvent({ repository, ref: { kind: 'branch', name: 'trunk' } }))).toBe('publish');
    expect(purposeOfPush(pushEvent({ repository }))).toBe('verify');
  });
});
