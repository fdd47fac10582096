import { describe, expect, test } from '@jest/globals';
import {
  branchOf,
  type Candidate,
  candidateKey,
  type Ignored,
  mergeGroupCandidate,
  pullCandidate,
  pullRequestCandidate,
  pushCandidate,
  queueRef,
  refText,
} from '../../../src/core/plan/candidate.ts';
import type { MergeGroupEvent, Person, PullRequestEvent } from '../../../src/core/plan/event.ts';
import { pushEvent, REPOSITORY, SHA } from './examples.ts';

const BOTS = ['dependabot[bot]'];
const OCTO: Person = { id: 1, login: 'octo', bot: false };
const MONA: Person = { id: 2, login: 'mona', bot: false };
const DEPENDABOT: Person = { id: 3, login: 'Dependabot[bot]', bot: true };
const AT = new Date(Date.UTC(2026, 10, 23, 12));
const FORK = 4711;

function pullRequest(change: Partial<PullRequestEvent> = {}): PullRequestEvent {
  return {
    kind: 'pull_request',
    deliveryId: 'delivery-1',
    repository: REPOSITORY,
    sender: OCTO,
    action: 'opened',
    number: 12,
    head: { sha: SHA, branch: 'feature', repositoryId: REPOSITORY.id },
    base: 'dev',
    before: null,
    author: OCTO,
    at: AT,
    ...change,
  };
}

function mergeGroup(change: Partial<MergeGroupEvent> = {}): MergeGroupEvent {
  return {
    kind: 'merge_group',
    deliveryId: 'delivery-1',
    repository: REPOSITORY,
    sender: OCTO,
    action: 'checks_requested',
    reason: null,
    branch: 'gh-readonly-queue/main/pr-12-fedcba9',
    sha: SHA,
    ...change,
  };
}

/** `verify trusted branch/feature`, or why nothing comes of it. */
function words(found: Candidate | Ignored): string {
  if ('ignored' in found) return found.ignored;
  const { purpose, trust, base, ref, approved, filtered, gated } = found;
  const config = base === null ? [] : [`by ${base}`];
  const marks = Object.entries({ approved, filtered, gated }).flatMap(([mark, is]) => (is ? [mark] : []));
  return [purpose, trust, ...config, refText(ref), ...marks].join(' ');
}

describe('the commit of a push', () => {
  test.each([
    [
      'to a branch',
      { ref: { kind: 'branch', name: 'feature' } },
      'verify trusted branch/feature approved filtered',
    ],
    ['to the default branch', {}, 'publish trusted branch/main approved filtered'],
    ['of a tag', { ref: { kind: 'tag', name: 'v1' } }, 'publish trusted tag/v1 approved filtered'],
    ['that deletes', { sha: null }, 'the branch was deleted'],
    [
      "of a merge queue's branch",
      { ref: { kind: 'branch', name: 'gh-readonly-queue/main/pr-12' } },
      "a merge queue's branch: its merge_group event is acted on instead",
    ],
    [
      'by a bot',
      { ref: { kind: 'branch', name: 'npm' }, sender: DEPENDABOT },
      'verify untrusted by main branch/npm approved filtered',
    ],
    [
      'to the default branch by a bot',
      { sender: DEPENDABOT },
      'publish trusted branch/main approved filtered',
    ],
  ] as const)('%s', (_, change, expected) => {
    expect(words(pushCandidate(pushEvent(change), BOTS))).toBe(expected);
  });
});

describe('the head of a pull request', () => {
  const fork = { head: { sha: SHA, branch: 'main', repositoryId: FORK } };
  const gone = { head: { sha: SHA, branch: 'main', repositoryId: null } };
  const waits = 'verify untrusted by dev pull/12 filtered gated';
  const approved = 'verify untrusted by dev pull/12 approved filtered gated';

  test.each<[string, Partial<PullRequestEvent>, boolean, string]>([
    ['of an own branch', {}, false, 'verify trusted branch/feature approved filtered gated'],
    [
      'of the default branch',
      { head: { sha: SHA, branch: 'main', repositoryId: REPOSITORY.id } },
      true,
      'its branch is main: the push to it is acted on instead',
    ],
    ['that was closed', { action: 'closed' }, true, 'the pull request was closed'],
    [
      'of a bot',
      { author: DEPENDABOT, sender: DEPENDABOT },
      false,
      'verify untrusted by main branch/feature approved filtered gated',
    ],
    [
      "of a bot's, made ready by a person",
      { author: DEPENDABOT, action: 'ready_for_review' },
      true,
      'verify untrusted by main branch/feature approved filtered gated',
    ],
    [
      "of a bot's, pushed by a person",
      { author: DEPENDABOT, action: 'synchronize' },
      true,
      'verify trusted branch/feature approved filtered gated',
    ],
    [
      "of a person's, pushed by a bot",
      { sender: DEPENDABOT, action: 'synchronize' },
      true,
      'verify untrusted by main branch/feature approved filtered gated',
    ],
    ["of a stranger's fork", { ...fork, author: MONA, sender: MONA }, false, waits],
    ['of a fork that is gone', { ...gone, author: MONA, sender: MONA }, false, waits],
    ["of a writer's fork", fork, true, approved],
    [
      "of a stranger's fork, pushed by a writer",
      { ...fork, author: MONA, action: 'synchronize' },
      true,
      approved,
    ],
    [
      "of a stranger's fork, reopened by a writer",
      { ...fork, author: MONA, action: 'reopened' },
      true,
      waits,
    ],
    [
      "of a stranger's fork, made ready by a writer",
      { ...fork, author: MONA, action: 'ready_for_review' },
      true,
      waits,
    ],
    [
      "of a stranger's fork, given another base by a writer",
      { ...fork, author: MONA, action: 'base_changed' },
      true,
      waits,
    ],
    ["of a writer's fork, given another base", { ...fork, action: 'base_changed' }, true, approved],
    ["of a bot's fork", { ...fork, author: DEPENDABOT, sender: DEPENDABOT }, false, approved],
    [
      "of a bot's fork, pushed by a stranger",
      { ...fork, author: DEPENDABOT, sender: MONA, action: 'synchronize' },
      false,
      waits,
    ],
    [
      "of a bot's fork, reopened by a stranger",
      { ...fork, author: DEPENDABOT, sender: MONA, action: 'reopened' },
      false,
      waits,
    ],
  ])('%s', (_, change, isWriter, expected) => {
    expect(words(pullRequestCandidate(pullRequest(change), { bots: BOTS, isWriter }))).toBe(expected);
  });

  test('of an own branch has the key of its push', () => {
    const push = pushCandidate(pushEvent({ ref: { kind: 'branch', name: 'feature' } }), BOTS) as Candidate;
    const pull = pullRequestCandidate(pullRequest(), { bots: BOTS, isWriter: false }) as Candidate;

    expect(candidateKey(pull, 'web')).toEqual(candidateKey(push, 'web'));
  });

  test("of a bot's branch has the key of its push, whatever its base is", () => {
    const ref = { kind: 'branch', name: 'feature' } as const;
    const push = pushCandidate(pushEvent({ ref, sender: DEPENDABOT }), BOTS) as Candidate;
    const event = pullRequest({ author: DEPENDABOT, sender: DEPENDABOT });
    const pull = pullRequestCandidate(event, { bots: BOTS, isWriter: false }) as Candidate;

    expect(candidateKey(pull, 'web')).toEqual(candidateKey(push, 'web'));
  });

  test('that somebody asks for is approved', () => {
    const pull = { number: 12, base: 'dev', author: MONA, sha: SHA, branch: 'main', repositoryId: FORK };
    const about = { repository: REPOSITORY, deliveryId: 'delivery-1' };

    expect(words(pullCandidate(pull, { about, isBots: false }))).toBe(approved);
  });
});

describe('the head of a merge group', () => {
  test('is verified whatever it changes', () => {
    expect(words(mergeGroupCandidate(mergeGroup()))).toBe(
      `verify trusted queue/gh-readonly-queue/main/pr-12-fedcba9@${SHA} approved gated`,
    );
  });

  test('is nothing to run once it is destroyed', () => {
    expect(words(mergeGroupCandidate(mergeGroup({ action: 'destroyed' })))).toBe(
      'the merge queue is done with it',
    );
  });
});

test.each([
  [{ kind: 'branch', name: 'feat/x' }, 'feat/x'],
  [{ kind: 'tag', name: 'v1' }, ''],
  [{ kind: 'pull', name: '12' }, ''],
  [queueRef({ branch: 'gh-readonly-queue/a@b/pr-12', sha: SHA }), 'gh-readonly-queue/a@b/pr-12'],
] as const)('the branch of %j is %j', (ref, branch) => {
  expect(branchOf(ref)).toBe(branch);
});
