import { describe, expect, test } from '@jest/globals';
import { ignorePush } from '../../../src/core/plan/ignore-push.ts';
import { pushEvent } from './examples.ts';

const MERGE_QUEUE = "a merge queue's branch: its merge_group event is acted on instead";

describe('a push is ignored when its ref is gone or belongs to a merge queue', () => {
  test.each([
    { name: 'a push to a branch', event: pushEvent(), reason: null },
    { name: 'a push of a tag', event: pushEvent({ ref: { kind: 'tag', name: 'v1' } }), reason: null },
    { name: 'a deleted branch', event: pushEvent({ sha: null }), reason: 'the branch was deleted' },
    {
      name: 'a deleted tag',
      event: pushEvent({ sha: null, ref: { kind: 'tag', name: 'v1' } }),
      reason: 'the tag was deleted',
    },
    {
      name: "a merge queue's branch",
      event: pushEvent({ ref: { kind: 'branch', name: 'gh-readonly-queue/main/pr-1-abc' } }),
      reason: MERGE_QUEUE,
    },
    {
      name: "a tag that is named like a merge queue's branch",
      event: pushEvent({ ref: { kind: 'tag', name: 'gh-readonly-queue/x' } }),
      reason: null,
    },
    {
      name: 'a branch that only begins alike',
      event: pushEvent({ ref: { kind: 'branch', name: 'gh-readonly-queue-notes' } }),
      reason: null,
    },
  ])('$name', ({ event, reason }) => {
    expect(ignorePush(event)).toBe(reason);
  });
});
