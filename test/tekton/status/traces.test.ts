import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunStatus, StepStatus } from '../../../src/core/pipeline/run-status.ts';
import type { Conclusion } from '../../../src/core/report/check.ts';
import { runCheck } from '../../../src/core/report/run-check.ts';
import { stepLabel } from '../../../src/core/report/step-label.ts';
import { FACTS } from '../../core/report/examples.ts';
import { byObject, listAfter, play, readTrace, statusOf, TRACES, type TraceEvent } from './traces.ts';

interface End {
  readonly conclusion: Conclusion;
  readonly title: string;
  /** `✓` succeeded, `✗` failed, with its exit code when it ended by itself, `-` did not run, `…` runs. */
  readonly steps: string;
  /** Of an infrastructure's cause. */
  readonly detail?: string;
  /** Worth another try by itself. */
  readonly retry?: true;
}

const NOBODY = 'Cancelled by an operator: the PipelineRun was cancelled in Kubernetes';
const NO_NODE = '0/1 nodes are available: ';
const REFUSED = 'dial tcp 127.0.0.1:1: connect: connection refused';
const ABSENT = '127.0.0.1:1/absent:1';

/** What each recorded run comes to. */
const ENDS: Readonly<Record<string, End>> = {
  succeeded: {
    conclusion: 'success',
    title: 'Succeeded in 17 s',
    steps: 'clone✓ test✓ build✓ image✓ deploy✓',
  },
  'when-skipped': { conclusion: 'success', title: 'Succeeded in 0.0 s', steps: 'clone✓ deploy-' },
  'sidecar-succeeded': { conclusion: 'success', title: 'Succeeded in 1.0 s', steps: 'test✓' },
  'service-exited': { conclusion: 'success', title: 'Succeeded in 5.0 s', steps: 'test✓' },
  'on-error-continue': { conclusion: 'success', title: 'Succeeded in 0.0 s', steps: 'test✗5 build✓' },
  'pending-released': { conclusion: 'success', title: 'Succeeded in 5.0 s', steps: 'clone✓ test✓' },
  'turn-yes': { conclusion: 'success', title: 'Succeeded in 5.0 s', steps: 'test✓ deploy staging✓' },
  'turn-no': { conclusion: 'success', title: 'Succeeded in 0.0 s', steps: 'test✓ deploy staging-' },

  'test-failed': {
    conclusion: 'failure',
    title: 'test failed with exit code 3',
    steps: 'clone✓ test✗3 build- image- deploy-',
  },
  'second-step-failed': {
    conclusion: 'failure',
    title: 'test failed with exit code 7',
    steps: 'clone✓ test✗7 build-',
  },
  'parallel-one-failed': {
    conclusion: 'failure',
    title: 'test 1.25 failed with exit code 1',
    steps: 'clone✓ test 1.25✗1 test 1.26✓ build-',
  },
  'retried-then-failed': { conclusion: 'failure', title: 'test failed with exit code 1', steps: 'test✗1' },
  'result-too-large': { conclusion: 'failure', title: 'test failed with exit code 1', steps: 'test✗1' },
  'oom-killed': { conclusion: 'failure', title: 'test ran out of memory', steps: 'test✗137' },

  'step-timeout': { conclusion: 'timed_out', title: 'test took too long', steps: 'test✗' },
  'task-timeout': { conclusion: 'timed_out', title: 'test took too long', steps: 'test✗ build-' },
  'pipeline-timeout': {
    conclusion: 'timed_out',
    title: 'The run took too long',
    steps: 'clone✓ test✗ build- image- deploy-',
  },

  cancelled: { conclusion: 'cancelled', title: NOBODY, steps: 'clone✓ test✗ build- image- deploy-' },
  'cancelled-run-finally': {
    conclusion: 'cancelled',
    title: NOBODY,
    steps: 'clone✓ test✗ build- image- deploy-',
  },
  'stopped-run-finally': {
    conclusion: 'cancelled',
    title: NOBODY,
    steps: 'clone✓ test✓ build- image- deploy-',
  },
  'pending-cancelled': { conclusion: 'cancelled', title: NOBODY, steps: 'clone- test-' },
  'turn-cancelled': { conclusion: 'cancelled', title: NOBODY, steps: 'test✓ deploy staging-' },

  evicted: {
    conclusion: 'failure',
    title: 'Infrastructure: the pod was evicted (EvictionByEvictionAPI)',
    steps: 'clone✓ test✗255 build-',
    detail: 'Eviction API: evicting',
    retry: true,
  },
  'image-never-pull': {
    conclusion: 'failure',
    title: 'Infrastructure: an image cannot be pulled (PullImageFailed)',
    steps: 'test-',
    detail: 'Container image "lab.local/absent:1" is not present with pull policy of Never',
  },
  'image-pull-backoff': {
    conclusion: 'failure',
    title: 'Infrastructure: an image cannot be pulled (TaskRunImagePullFailed)',
    steps: 'test-',
    detail: `Back-off pulling image "${ABSENT}": ErrImagePull: failed to pull and unpack image "${ABSENT}": failed to resolve reference "${ABSENT}": failed to do request: Head "http://127.0.0.1:1/v2/absent/manifests/1": ${REFUSED}`,
  },
  'invalid-image-name': {
    conclusion: 'failure',
    title: 'Infrastructure: an image cannot be pulled (TaskRunImagePullFailed)',
    steps: 'test-',
    detail: `Failed to apply default image tag "lab.local/Bad Name:1": couldn't parse image name "lab.local/Bad Name:1": invalid reference format: repository name (Bad Name) must be lowercase`,
  },
  'missing-claim': {
    conclusion: 'failure',
    title: 'Infrastructure: no node can take the pod (Unschedulable)',
    steps: 'test-',
    detail: `${NO_NODE}persistentvolumeclaim "absent" not found. not found`,
  },
  unschedulable: {
    conclusion: 'failure',
    title: 'Infrastructure: no node can take the pod (Unschedulable)',
    steps: 'test-',
    detail: `${NO_NODE}1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
  },
  'quota-exceeded': {
    conclusion: 'failure',
    title: 'Infrastructure: the quota of the namespace is used up (ExceededResourceQuota)',
    steps: 'test-',
    detail:
      'pods "quota-exceeded-test-pod" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
  },
  'missing-secret': {
    conclusion: 'failure',
    title: 'Infrastructure: a container lacks something (CreateContainerConfigError)',
    steps: 'test-',
    detail: 'secret "absent" not found',
  },
  'missing-service-account': {
    conclusion: 'failure',
    title: 'Infrastructure: the pod cannot be made (PodCreationFailed)',
    steps: 'test-',
    detail:
      'failed to create task run pod "missing-service-account-test": translating TaskSpec to Pod: serviceaccounts "absent" not found. Maybe invalid TaskSpec',
  },
  'service-never-ready': {
    conclusion: 'failure',
    title: 'Infrastructure: a service is not ready (ServiceNotReady)',
    steps: 'clone- test-',
    detail: 'the service db is not ready yet',
  },
  'missing-result': {
    conclusion: 'failure',
    title: 'Infrastructure: Tekton cannot go on with the run (PipelineValidationFailed)',
    steps: 'image✓ deploy-',
    detail:
      'Tasks Completed: 1 (Failed: 0, Cancelled 0), Skipped: 0, Failed Validation: 1 (task "image" completed successfully but did not emit the result "IMAGE_DIGEST", which is referenced by task "deploy")',
  },
};

/** Its recording ends while the pod, made again, runs. */
const UNFINISHED = 'pod-deleted';

test('every recording has its end', () => {
  expect([...Object.keys(ENDS), UNFINISHED].sort()).toEqual(TRACES);
});

test.each(Object.entries(ENDS))('%s', (name, end) => {
  const { events, steps } = readTrace(name);

  expect(describeEnd(statusOf(play(events), steps))).toEqual(end);
});

test('a pod that was made again runs its steps again, from the first', () => {
  const { events, steps } = readTrace(UNFINISHED);

  expect(statusOf(play(events), steps)).toMatchObject({ phase: 'running', steps: [{ state: 'running' }] });
});

describe.each(TRACES)('%s ends the same', (name) => {
  const { events, steps } = readTrace(name);
  const expected = statusOf(play(events), steps);

  test('wherever the app is started in the middle of it', () => {
    events.forEach((_, index) => {
      const known = play(listAfter(events.slice(0, index + 1)));
      const status = statusOf(play(events.slice(index + 1), known), steps);

      expect(status).toEqual(isForgotten(name, events.slice(0, index + 1)) ? FORGOTTEN : expected);
    });
  });

  test('in whatever order its objects are seen', () => {
    const objects = byObject(events);
    const order = fc.array(fc.nat(objects.length - 1), { maxLength: events.length });

    fc.assert(
      fc.property(order, (turns) => {
        expect(statusOf(play(interleave(objects, turns)), steps)).toEqual(expected);
      }),
      { numRuns: 20, examples: [[[]], [objects.map((_, index) => objects.length - 1 - index)]] },
    );
  });

  test('when every event is seen twice', () => {
    expect(statusOf(play(events.flatMap((event) => [event, event])), steps)).toEqual(expected);
  });
});

/** Only the pod tells who evicted it: an app that starts when it is gone sees that it was ended from outside. */
const FORGOTTEN = expect.objectContaining({
  verdict: 'infrastructure',
  cause: {
    kind: 'infrastructure',
    reason: 'PodTerminated',
    detail: 'the pod of the task ci was ended from outside while its steps ran',
    retry: true,
  },
});

function isForgotten(name: string, seen: readonly TraceEvent[]): boolean {
  return name === 'evicted' && seen.some(({ type }) => type === 'DELETED');
}

describe('what the check says over time', () => {
  test.each<[string, readonly string[]]>([
    [
      'pending-released',
      [
        'queued: Queued',
        'in_progress: Starting',
        'in_progress: Running clone (1 of 2)',
        'in_progress: Running test (2 of 2)',
        'in_progress: Running',
        'completed: Succeeded in 5.0 s',
      ],
    ],
    [
      'second-step-failed',
      [
        'in_progress: Starting',
        'in_progress: Running test (2 of 3)',
        'in_progress: Running',
        'completed: test failed with exit code 7',
      ],
    ],
    [
      'turn-yes',
      [
        'in_progress: Starting',
        'in_progress: Running test (1 of 2)',
        'in_progress: Running deploy staging (2 of 2)',
        'in_progress: Waiting for the turn of deploy staging',
        'in_progress: Running deploy staging (2 of 2)',
        'in_progress: Running',
        'completed: Succeeded in 5.0 s',
      ],
    ],
    [
      'step-timeout',
      ['in_progress: Starting', 'in_progress: Running test (1 of 1)', 'completed: test took too long'],
    ],
    [
      'retried-then-failed',
      [
        'in_progress: Starting',
        'in_progress: Running test (1 of 1)',
        'in_progress: Running',
        'in_progress: Running test (1 of 1)',
        'in_progress: Running',
        'completed: test failed with exit code 1',
      ],
    ],
    [
      'service-never-ready',
      [
        'in_progress: Starting',
        'in_progress: Waiting: a service is not ready (ServiceNotReady)',
        'in_progress: Running',
        'completed: Infrastructure: a service is not ready (ServiceNotReady)',
      ],
    ],
    [
      'unschedulable',
      [
        'in_progress: Starting',
        'in_progress: Waiting: no node can take the pod (Unschedulable)',
        'completed: Infrastructure: no node can take the pod (Unschedulable)',
      ],
    ],
    [
      'pod-deleted',
      [
        'in_progress: Starting',
        'in_progress: Running test (1 of 1)',
        'in_progress: Starting',
        'in_progress: Running test (1 of 1)',
      ],
    ],
    ['pending-cancelled', ['queued: Queued', `completed: ${NOBODY}`]],
  ])('%s', (name, expected) => {
    const { events, steps } = readTrace(name);

    const said = events
      .map((_, index) => statusOf(play(events.slice(0, index + 1)), steps))
      .flatMap((status) => (status === null ? [] : [sayings(status)]));

    expect(said.filter((text, index) => text !== said[index - 1])).toEqual(expected);
  });
});

test('a turn that waits is told with its target, until it is answered', () => {
  const { events, steps } = readTrace('turn-yes');

  const turns = events
    .map((_, index) => statusOf(play(events.slice(0, index + 1)), steps))
    .flatMap((status) =>
      status?.phase === 'running' ? [status.turns.map(({ target }) => target).join()] : [],
    );

  expect(turns.filter((target, index) => target !== turns[index - 1])).toEqual(['', 'staging', '']);
});

test('times are those of the steps, each from the end of the one before it', () => {
  const { events, steps } = readTrace('evicted');
  const status = statusOf(play(events), steps);

  expect(status).toMatchObject({
    finishedAt: new Date('2026-11-23T04:43:57Z'),
    steps: [
      { startedAt: new Date('2026-11-23T04:43:52Z'), finishedAt: new Date('2026-11-23T04:43:53Z') },
      { startedAt: new Date('2026-11-23T04:43:53Z'), finishedAt: new Date('2026-11-23T04:43:56Z') },
      {},
    ],
  });
});

test('the image is what the run says it made', () => {
  const { events, steps } = readTrace('succeeded');

  expect(statusOf(play(events), steps)).toMatchObject({ results: { imageDigest: 'sha256:1234' } });
});

function describeEnd(status: RunStatus | null): End {
  if (status?.phase !== 'done') throw new Error(`not done: ${JSON.stringify(status)}`);
  const { conclusion, output } = runCheck(FACTS, status);
  if (conclusion === undefined) throw new Error('no conclusion');
  const { cause } = status;
  return {
    conclusion,
    title: output.title,
    steps: status.steps.map(shortStep).join(' '),
    ...(cause?.kind === 'infrastructure' ? { detail: cause.detail } : {}),
    ...(cause?.kind === 'infrastructure' && cause.retry ? { retry: true } : {}),
  };
}

const MARKS = { waiting: '?', running: '…', succeeded: '✓', failed: '✗', skipped: '-' } as const;

function shortStep(step: StepStatus): string {
  return `${stepLabel(step)}${MARKS[step.state]}${step.state === 'failed' ? (step.exitCode ?? '') : ''}`;
}

function sayings(status: RunStatus): string {
  const check = runCheck(FACTS, status);
  return `${check.status}: ${check.output.title}`;
}

/** One order of all events that keeps each object's own: `turns` says whose event is next, the rest follows object by object. */
function interleave(
  objects: readonly (readonly TraceEvent[])[],
  turns: readonly number[],
): readonly TraceEvent[] {
  const left = objects.map((events) => [...events]);
  const first = turns.flatMap((index) => left[index]?.shift() ?? []);
  return [...first, ...left.flat()];
}
