import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import type { Check } from '../../../src/core/report/check.ts';
import { type RunFacts, runCheck, runConclusion } from '../../../src/core/report/run-check.ts';
import { culprit } from '../../../src/core/report/run-summary.ts';
import { runTitle } from '../../../src/core/report/run-title.ts';
import { SHA } from '../plan/examples.ts';
import { at, CLONED, done, FACTS, failed } from './examples.ts';

interface Case {
  readonly name: string;
  readonly status: RunStatus;
  readonly facts?: Partial<RunFacts>;
  readonly title: string;
  readonly check: Partial<Check>;
}

/** A log of which no tool is understood. */
const told = (...lines: readonly string[]) => ({ findings: [], lines });

const STARTED = { startedAt: at(0) };
const ENDED = { status: 'completed', completedAt: at(15), ...STARTED } as const;
const RED = {
  buttons: [
    {
      label: 'Re-run failed',
      description: 'Run what is not green once more.',
      identifier: 'rerun-failed',
    },
  ],
};
const WAITING = { stage: 'test', state: 'waiting' } as const;

const CASES: readonly Case[] = [
  {
    name: 'queued',
    status: { phase: 'pending', ahead: 2 },
    title: 'Queued, 2 ahead',
    check: { status: 'queued' },
  },
  { name: 'next', status: { phase: 'pending', ahead: 0 }, title: 'Queued', check: { status: 'queued' } },
  {
    name: 'starting',
    status: { phase: 'starting', since: at(3) },
    title: 'Starting',
    check: { status: 'in_progress', startedAt: at(3) },
  },
  {
    name: 'blocked',
    status: {
      phase: 'starting',
      since: at(3),
      blocked: {
        reason: 'PullImageFailed',
        detail: 'Back-off pulling image "golang:9|9" <https://evil.test>',
      },
    },
    title: 'Waiting: an image cannot be pulled (PullImageFailed)',
    check: { status: 'in_progress', startedAt: at(3) },
  },
  {
    name: 'running',
    status: {
      phase: 'running',
      turns: [],
      steps: [
        CLONED,
        { stage: 'test', state: 'running', startedAt: at(1.2) },
        { stage: 'build', state: 'waiting' },
      ],
    },
    title: 'Running test (2 of 3)',
    check: { status: 'in_progress', ...STARTED },
  },
  {
    name: 'blocked-later',
    status: {
      phase: 'running',
      turns: [],
      steps: [CLONED, WAITING],
      blocked: { reason: 'ExceededResourceQuota', detail: 'exceeded quota: pods' },
    },
    title: 'Waiting: the quota of the namespace is used up (ExceededResourceQuota)',
    check: { status: 'in_progress', ...STARTED },
  },
  {
    name: 'blocked-beside-a-step',
    status: {
      phase: 'running',
      turns: [],
      steps: [CLONED, { stage: 'test', variant: '1.25', state: 'running' }, { ...WAITING, variant: '1.26' }],
      blocked: { reason: 'SomethingNew', detail: 'who knows' },
    },
    title: 'Running test 1.25 (2 of 3)',
    check: { status: 'in_progress', ...STARTED },
  },
  {
    name: 'waiting-for-a-turn',
    status: {
      phase: 'running',
      turns: [{ target: 'staging', since: at(3) }],
      steps: [CLONED, { stage: 'deploy', variant: 'staging', state: 'waiting' }],
    },
    title: 'Waiting for the turn of deploy staging',
    check: { status: 'in_progress', ...STARTED },
  },
  {
    name: 'between-steps',
    status: { phase: 'running', turns: [], steps: [CLONED, WAITING] },
    title: 'Running test (2 of 2)',
    check: { status: 'in_progress', ...STARTED },
  },
  {
    name: 'before-the-first-step',
    status: { phase: 'running', turns: [], steps: [{ stage: 'clone', state: 'waiting' }, WAITING] },
    title: 'Running clone (1 of 2)',
    check: { status: 'in_progress' },
  },
  {
    name: 'after-the-last-step',
    status: { phase: 'running', turns: [], steps: [CLONED] },
    title: 'Running',
    check: { status: 'in_progress', ...STARTED },
  },
  {
    name: 'succeeded',
    status: done(),
    title: 'Succeeded in 14 s',
    check: { ...ENDED, conclusion: 'success' },
  },
  {
    name: 'succeeded-without-times',
    status: done({ steps: [] }),
    title: 'Succeeded',
    check: { status: 'completed', completedAt: at(15), conclusion: 'success' },
  },
  {
    name: 'failed',
    status: failed(),
    facts: { failure: told('$ npm test', 'not ok 1 - ```routes```', '# fail 1') },
    title: 'test failed with exit code 2',
    check: { ...ENDED, conclusion: 'failure', ...RED },
  },
  {
    name: 'failed-in-a-project',
    status: done({
      verdict: 'failed',
      cause: { kind: 'step', step: { stage: 'test', variant: '1.25' }, exitCode: 1 },
      steps: [
        { ...CLONED, variant: '1.25' },
        { stage: 'test', variant: '1.25', state: 'failed', exitCode: 1, startedAt: at(2), finishedAt: at(5) },
        { ...CLONED, variant: '1.26' },
        {
          stage: 'test',
          variant: '1.26',
          state: 'succeeded',
          exitCode: 0,
          startedAt: at(2),
          finishedAt: at(190),
        },
      ],
    }),
    facts: {
      project: 'web',
      decisions: ['runs: web/@octocat.md changed (1 file since main)'],
      failure: told(),
    },
    title: 'test 1.25 failed with exit code 1',
    check: { ...ENDED, conclusion: 'failure', ...RED },
  },
  {
    name: 'out-of-memory',
    status: done({
      verdict: 'failed',
      cause: { kind: 'step', step: { stage: 'test' }, exitCode: 137, outOfMemory: true },
      steps: [
        CLONED,
        { stage: 'test', state: 'failed', exitCode: 137, startedAt: at(1.2), finishedAt: at(14) },
      ],
    }),
    facts: { failure: told('Killed') },
    title: 'test ran out of memory',
    check: { ...ENDED, conclusion: 'failure', ...RED },
  },
  {
    name: 'clone-failed',
    status: done({
      verdict: 'failed',
      cause: { kind: 'step', step: { stage: 'clone' }, exitCode: 128 },
      steps: [
        { ...CLONED, state: 'failed', exitCode: 128 },
        { stage: 'test', state: 'skipped' },
      ],
    }),
    facts: { failure: told('fatal: could not read from remote') },
    title: 'clone failed with exit code 128',
    check: { ...ENDED, conclusion: 'failure', ...RED },
  },
  {
    name: 'step-timed-out',
    status: done({
      verdict: 'timed-out',
      cause: { kind: 'timeout', of: { stage: 'test' } },
      steps: [CLONED, { stage: 'test', state: 'failed', startedAt: at(2), finishedAt: at(3700) }],
    }),
    facts: { failure: told('still waiting') },
    title: 'test took too long',
    check: { ...ENDED, conclusion: 'timed_out', ...RED },
  },
  {
    name: 'run-timed-out',
    status: done({ verdict: 'timed-out', cause: { kind: 'timeout', of: 'run' } }),
    title: 'The run took too long',
    check: { ...ENDED, conclusion: 'timed_out', ...RED },
  },
  {
    name: 'cancelled',
    status: done({
      verdict: 'cancelled',
      cause: { kind: 'cancelled', by: '@octocat', why: 'a newer commit' },
    }),
    title: 'Cancelled by @octocat: a newer commit',
    check: { ...ENDED, conclusion: 'cancelled', ...RED },
  },
  {
    name: 'infrastructure',
    status: done({
      verdict: 'infrastructure',
      cause: {
        kind: 'infrastructure',
        reason: 'Evicted',
        detail: 'The node was low on memory: [x](y)',
        retry: true,
      },
    }),
    title: 'Infrastructure: the pod was evicted (Evicted)',
    check: { ...ENDED, conclusion: 'failure', ...RED },
  },
  {
    name: 'infrastructure-by-config',
    status: done({
      verdict: 'infrastructure',
      cause: { kind: 'infrastructure', reason: 'TaskRunImagePullFailed', detail: 'not found', retry: false },
    }),
    title: 'Infrastructure: an image cannot be pulled (TaskRunImagePullFailed)',
    check: { ...ENDED, conclusion: 'failure', ...RED },
  },
  {
    name: 'infrastructure-unknown',
    status: done({
      verdict: 'infrastructure',
      cause: { kind: 'infrastructure', reason: 'SomethingNew', detail: 'who knows', retry: false },
    }),
    title: 'Infrastructure: SomethingNew',
    check: { ...ENDED, conclusion: 'failure', ...RED },
  },
  {
    name: 'pushed',
    status: done({
      results: { imageUrl: 'registry.example.com/acme/api:main', imageDigest: `sha256:${'0a'.repeat(32)}` },
    }),
    title: 'Succeeded in 14 s',
    check: { ...ENDED, conclusion: 'success' },
  },
  {
    name: 'deployed',
    facts: {
      environments: new Map([
        ['staging', 'https://staging.example.com'],
        ['production', 'https://example.com'],
        ['spare', 'https://spare.example.com'],
      ]),
    },
    status: done({
      steps: [
        CLONED,
        { stage: 'deploy', variant: 'staging', state: 'succeeded', startedAt: at(2), finishedAt: at(9) },
        { stage: 'deploy', variant: 'production', state: 'succeeded', startedAt: at(9), finishedAt: at(14) },
        { stage: 'deploy', variant: 'spare', state: 'skipped' },
      ],
    }),
    title: 'Succeeded in 14 s',
    check: { ...ENDED, conclusion: 'success' },
  },
  {
    name: 'failed-without-a-cause',
    status: done({ verdict: 'failed' }),
    title: 'Failed',
    check: { ...ENDED, conclusion: 'failure', ...RED },
  },
];

/** With UPDATE_CASES=1 it is written anew first, to be read before it is kept. */
function expectedSummary(name: string, actual: string): string {
  const file = new URL(`./cases/${name}.md`, import.meta.url);
  if (process.env.UPDATE_CASES === '1') writeFileSync(file, `${actual}\n`);
  return readFileSync(file, 'utf8').slice(0, -1);
}

describe.each(CASES)('the check of a run that is $name', ({ name, status, facts, title, check }) => {
  const { output, ...rest } = runCheck({ ...FACTS, ...facts }, status);

  test(`says ${title}`, () => {
    expect(output.title).toBe(title);
    expect(runTitle(status)).toBe(title);
    expect(output.annotations).toEqual([]);
  });

  test('has its status, conclusion and times', () => {
    expect(rest).toEqual({
      name: 'tekton-ci',
      headSha: SHA,
      externalId: FACTS.externalId,
      detailsUrl: FACTS.detailsUrl,
      ...check,
    });
    expect(runConclusion(status)).toBe(check.conclusion ?? null);
  });

  test('has its summary', () => {
    expect(output.summary).toBe(expectedSummary(name, output.summary));
  });
});

test.each([
  ['cancelled', 'Cancelled'],
  ['timed-out', 'The run took too long'],
  ['infrastructure', 'Infrastructure: the cause is not known'],
] as const)('a run that ended as %s without a cause never says that it succeeded', (verdict, title) => {
  expect(runTitle(done({ verdict }))).toBe(title);
});

const PULL = { reason: 'ErrImagePull', detail: 'cannot pull https://user:s3cret@registry.test/a: denied' };

test.each<[string, RunStatus]>([
  ['waits', { phase: 'starting', since: at(3), blocked: PULL }],
  [
    'ended',
    done({ verdict: 'infrastructure', cause: { kind: 'infrastructure', ...PULL, retry: false }, steps: [] }),
  ],
])('what the servers say of a run that %s shows no credentials', (_name, status) => {
  const { summary } = runCheck(FACTS, status).output;

  expect(summary).toContain('user&#58;\\*\\*\\*&#64;registry.test');
  expect(summary).not.toContain('s3cret');
});

describe('the step whose log tells more', () => {
  test.each<[string, RunStatus, string | null]>([
    ['of a failed run is its cause', failed(), 'test'],
    [
      'of a step that took too long is that step',
      done({ cause: { kind: 'timeout', of: { stage: 'clone' } } }),
      'clone',
    ],
    ['of a run that took too long is none', done({ cause: { kind: 'timeout', of: 'run' } }), null],
    ['of a cancelled run is none', done({ cause: { kind: 'cancelled', by: 'a', why: 'b' } }), null],
    ['of a green run is none', done(), null],
    ['of a run that goes on is none', { phase: 'running', steps: [CLONED], turns: [] }, null],
    [
      'that the run does not have is none',
      done({ cause: { kind: 'timeout', of: { stage: 'deploy' } } }),
      null,
    ],
  ])('%s', (_name, status, stage) => {
    expect(culprit(status)?.stage ?? null).toBe(stage);
  });
});

test('a summary always fits, with its fence closed and the failure first', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  const failure = told(...Array.from({ length: 30 }, () => '日本 `@` '.repeat(1000)));
  const decisions = Array.from({ length: 2000 }, (_, index) => `runs: <${index}> changed`);

  const { summary } = runCheck({ ...FACTS, failure, decisions }, failed()).output;

  expect(bytes(summary)).toBeLessThanOrEqual(65_535);
  expect(summary).toMatch(/^```text\n/);
  expect(summary).toContain('…\n```\n\nReproduce it:');
  expect(summary).toContain('…\n\n</details>\n\n[Full log](');
});
