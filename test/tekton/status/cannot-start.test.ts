import { describe, expect, test } from '@jest/globals';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import type { PlacedStep } from '../../../src/core/pipeline/run.ts';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import { runTitle } from '../../../src/core/report/run-title.ts';
import { formatEnd } from '../../../src/tekton/status/remembered-cause.ts';
import { EMPTY_RECORD, observe, type RunRecord } from '../../../src/tekton/status/run-record.ts';
import { runStatus } from '../../../src/tekton/status/run-status.ts';
import { startingSince } from '../../../src/tekton/status/task-start.ts';
import { ended, pipelineRun, pod, recordOf, running, STEPS, taskRun, time } from './objects.ts';

const GOES_ON = { status: 'Unknown', reason: 'Running' } as const;
const PENDING = { status: 'Unknown', reason: 'Pending' } as const;

/** What is said so many seconds after noon. */
function statusAt(record: RunRecord, seconds: number, steps: readonly PlacedStep[] = STEPS): RunStatus {
  const status = runStatus(record, { steps, ahead: 0, now: new Date(time(seconds)) });
  if (status === null) throw new Error('the run is not known');
  return status;
}

function blockedAt(record: RunRecord, seconds: number) {
  const status = statusAt(record, seconds);
  return 'blocked' in status ? status.blocked : undefined;
}

describe('a pod whose volumes do not come', () => {
  const VOLUMES = [
    { name: 'tekton-internal-workspace', emptyDir: {} },
    { name: 'ws-1', secret: { secretName: 'run-git' } },
    { name: 'ws-2', secret: { secretName: 'acme-registry' } },
    { name: 'maybe', secret: { secretName: 'not-needed', optional: true } },
    { name: 'again', secret: { secretName: 'run-git' } },
    { name: 'files', configMap: { name: 'settings' } },
    { name: 'source', persistentVolumeClaim: { claimName: 'shared' } },
    {
      name: 'kube-api-access-x',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt' } },
          { secret: { name: 'extra' } },
        ],
      },
    },
  ];
  const NAMES = 'Secret run-git, Secret acme-registry, ConfigMap settings, claim shared, Secret extra';

  /** As a real kubelet left it: nothing more is ever said. */
  function unmounted(volumes: readonly object[] = VOLUMES, change: object = {}): object {
    const conditions = [
      { type: 'PodReadyToStartContainers', status: 'False', lastTransitionTime: time(4) },
      { type: 'PodScheduled', status: 'True', lastTransitionTime: time(4) },
    ];
    const waiting = { name: 'step-test', state: { waiting: { reason: 'PodInitializing' } } };
    const status = { phase: 'Pending', conditions, containerStatuses: [waiting], ...change };
    return { ...pod('a', { status }), spec: { volumes } };
  }

  function waitingFor(object: object): RunRecord {
    return recordOf(
      EMPTY_RECORD,
      ['PipelineRun', pipelineRun(GOES_ON)],
      ['TaskRun', taskRun(PENDING, [{ name: 'test', waiting: { reason: 'PodInitializing' } }])],
      ['Pod', object],
    );
  }

  test('is told of after twenty seconds, by the names of what somebody has to provide', () => {
    const record = waitingFor(unmounted());

    expect(blockedAt(record, 23)).toBeUndefined();
    expect(blockedAt(record, 24)).toEqual({
      reason: 'FailedMount',
      detail: `the pod of the task ci waits for its volumes: ${NAMES}`,
    });
    expect(runTitle(statusAt(record, 24))).toBe('Waiting: a volume is not there (FailedMount)');
  });

  test('is told of when a later task waits for it', () => {
    const record = recordOf(waitingFor(unmounted()), [
      'TaskRun',
      {
        metadata: { name: 'run-early', labels: { 'tekton.dev/pipelineTask': 'early' } },
        status: { conditions: [{ type: 'Succeeded', status: 'True' }], steps: [ended('early', 0)] },
      },
    ]);

    expect(statusAt(record, 24)).toMatchObject({ phase: 'running', blocked: { reason: 'FailedMount' } });
  });

  test.each<[string, object]>([
    ['its volumes came', unmounted(VOLUMES, { conditions: [] })],
    ['nobody has to provide any', unmounted(VOLUMES.slice(0, 1))],
    ['it has ended', unmounted(VOLUMES, { phase: 'Succeeded' })],
  ])('is not told of when %s', (_name, object) => {
    expect(blockedAt(waitingFor(object), 600)).toBeUndefined();
  });

  test('forgets its volumes when they have come', () => {
    const ready = [{ type: 'PodReadyToStartContainers', status: 'True' }];
    const record = recordOf(waitingFor(unmounted()), ['Pod', unmounted(VOLUMES, { conditions: ready })]);

    expect(blockedAt(record, 600)).toBeUndefined();
    expect(JSON.stringify([...record.pods.values()])).not.toContain('acme-registry');
  });

  test.each<[string, object, object]>([
    [
      'the run',
      pipelineRun({ status: 'False', reason: 'PipelineRunTimeout' }),
      taskRun({ status: 'False', reason: 'TaskRunCancelled' }, [{ name: 'test' }]),
    ],
    [
      'its task',
      pipelineRun({ status: 'False', reason: 'Failed' }),
      taskRun({ status: 'False', reason: 'TaskRunTimeout' }, [{ name: 'test' }]),
    ],
  ])('is the cause when %s ends by its own timeout first, although the pod is gone', (_, run, task) => {
    const deletion = { deletionTimestamp: time(60), deletionGracePeriodSeconds: 30 };
    const deleted = pod('a', { metadata: deletion, status: { phase: 'Failed' } });
    const record = recordOf(
      waitingFor(unmounted()),
      ['Pod', deleted],
      ['TaskRun', task],
      ['PipelineRun', run],
    );

    expect(statusAt(record, 60)).toMatchObject({
      verdict: 'infrastructure',
      cause: { reason: 'FailedMount', detail: expect.stringContaining('Secret acme-registry') },
    });
  });
});

describe('a later step whose container cannot start', () => {
  const missing = (reason: string) => ({ name: 'build', waiting: { reason, message: 'not present' } });
  const withSteps = (verdict: Parameters<typeof taskRun>[0], ...steps: object[]) =>
    recordOf(
      EMPTY_RECORD,
      ['PipelineRun', pipelineRun(GOES_ON)],
      ['TaskRun', taskRun(verdict, steps)],
      ['Pod', pod('a', { status: { phase: 'Pending' } })],
    );
  const PULL = { status: 'Unknown', reason: 'PullImageFailed', message: 'is pending' } as const;

  test('does not hide that the step before it runs', () => {
    const record = withSteps(PULL, running('test'), missing('ErrImageNeverPull'));

    expect(runTitle(statusAt(record, 30))).toBe('Running test (1 of 2)');
    expect(startingSince(record)).toBeNull();
  });

  test.each(['ErrImageNeverPull', 'InvalidImageName', 'CreateContainerConfigError'])(
    'is told of as soon as it is its turn, and has waited since: %s',
    (reason) => {
      const record = withSteps(GOES_ON, ended('test', 0), missing(reason));

      expect(statusAt(record, 21)).toMatchObject({
        phase: 'running',
        steps: [{ state: 'succeeded' }, { state: 'waiting' }],
        blocked: { reason, detail: 'not present' },
      });
      expect(runTitle(statusAt(record, 21))).toMatch(/^Waiting: /);
      expect(startingSince(record)).toEqual(new Date(time(20)));
    },
  );

  test('is told of in the words of Tekton when it has some', () => {
    const record = withSteps(PULL, ended('test', 0), missing('ErrImageNeverPull'));

    expect(blockedAt(record, 21)).toEqual({ reason: 'PullImageFailed', detail: 'not present' });
  });

  test('is waited for also when it says nothing of why', () => {
    const record = withSteps(GOES_ON, ended('test', 0), {
      name: 'build',
      waiting: { reason: 'PodInitializing' },
    });

    expect(blockedAt(record, 600)).toBeUndefined();
    expect(startingSince(record)).toEqual(new Date(time(20)));
  });

  test('is not waited for while its container is there, or once its task has ended', () => {
    const between = withSteps(GOES_ON, ended('test', 0), running('build'));
    const over = withSteps(
      { status: 'False', reason: 'StepFailed' },
      ended('test', 0),
      missing('ErrImageNeverPull'),
    );

    expect(startingSince(between)).toBeNull();
    expect(startingSince(over)).toBeNull();
  });
});

describe('a run that Tekton does not begin with', () => {
  const RELEASED = { annotations: { [ANNOTATION.released]: time(100) } };

  function released(change: { metadata?: object; spec?: object; status?: object } = {}): RunRecord {
    const metadata = { name: 'run', creationTimestamp: time(0), ...RELEASED, ...change.metadata };
    return recordOf(EMPTY_RECORD, ['PipelineRun', { spec: {}, ...change, metadata }]);
  }

  const NOT_PICKED_UP = {
    reason: 'NotPickedUp',
    detail: 'Tekton has not begun with the run since it was released',
  };

  test.each<[string, object]>([
    ['it never saw', {}],
    [
      'it saw while it was pending',
      { conditions: [{ type: 'Succeeded', status: 'Unknown', reason: 'PipelineRunPending' }] },
    ],
  ])('is told of half a minute after its release: one that %s', (_name, status) => {
    const record = released({ status });

    expect(statusAt(record, 129)).not.toHaveProperty('blocked');
    expect(statusAt(record, 130)).toMatchObject({ phase: 'starting', blocked: NOT_PICKED_UP });
    expect(runTitle(statusAt(record, 130))).toBe('Waiting: Tekton has not begun with the run (NotPickedUp)');
    expect(startingSince(record)).toEqual(new Date(time(100)));
  });

  test('is told of when it was begun with, but no task came of it', () => {
    const status = { startTime: time(102), conditions: [{ type: 'Succeeded', ...GOES_ON }] };
    const record = released({ status });

    expect(blockedAt(record, 131)).toBeUndefined();
    expect(blockedAt(record, 132)).toEqual({
      reason: 'NotPickedUp',
      detail: 'Tekton has begun with the run, but has made no task of it',
    });
    expect(startingSince(record)).toEqual(new Date(time(102)));
  });

  test.each<[string, RunRecord]>([
    ['a task of it is there', recordOf(released(), ['TaskRun', taskRun(GOES_ON, [running('test')])])],
    [
      'Tekton says that it made one, which was not seen yet',
      released({ status: { startTime: time(102), childReferences: [{ name: 'run-ci' }] } }),
    ],
    ['it waits to be released', released({ spec: { status: 'PipelineRunPending' } })],
    ['nobody knows when it was released', released({ metadata: { annotations: {} } })],
    [
      'it has ended',
      released({
        status: { conditions: [{ type: 'Succeeded', status: 'False', reason: 'CouldntGetTask' }] },
      }),
    ],
  ])('is not told of when %s', (_name, record) => {
    expect(statusAt(record, 900)).not.toHaveProperty('blocked');
    expect(startingSince(record)).toBeNull();
  });

  describe('and that was ended', () => {
    const cause = { kind: 'infrastructure', ...NOT_PICKED_UP, retry: false } as const;
    const end = formatEnd(cause, new Date(time(700)));
    const endedByUs = (status: object = {}, text = end) =>
      released({
        metadata: { annotations: { ...RELEASED.annotations, [ANNOTATION.cause]: text } },
        spec: { status: 'Cancelled' },
        status,
      });

    test('has ended when Tekton leaves that alone too', () => {
      const record = endedByUs();

      expect(statusAt(record, 729)).toMatchObject({ phase: 'starting', blocked: NOT_PICKED_UP });
      expect(statusAt(record, 730)).toEqual({
        phase: 'done',
        verdict: 'infrastructure',
        cause,
        steps: STEPS.map(({ stage }) => ({ stage, state: 'skipped' })),
        results: {},
        finishedAt: new Date(time(700)),
      });
    });

    test('by a person has ended too, and says by whom', () => {
      const cancelled = { kind: 'cancelled', by: '@octocat', why: 'a newer commit' } as const;
      const record = endedByUs({}, formatEnd(cancelled, new Date(time(700))));

      expect(statusAt(record, 730)).toMatchObject({ verdict: 'cancelled', cause: cancelled });
    });

    test.each<[string, RunRecord]>([
      ['Tekton has begun with it', endedByUs({ startTime: time(701) })],
      ['it has a task', recordOf(endedByUs(), ['TaskRun', taskRun(GOES_ON, [running('test')])])],
      ['nobody knows when', endedByUs({}, JSON.stringify(cause))],
    ])('has not ended as long as %s', (_name, record) => {
      expect(statusAt(record, 9000).phase).not.toBe('done');
    });
  });
});

describe('a run that is being ended', () => {
  const DEPLOY: PlacedStep = { stage: 'deploy', variant: 'production', task: 'deploy', step: 'deploy' };
  const cause = { kind: 'infrastructure', reason: 'StartTimeout', detail: 'too long', retry: false } as const;
  const ci = taskRun({ status: 'True', reason: 'Succeeded' }, [ended('test', 0), ended('build', 0)]);
  const deploy = (condition: object) => ({
    metadata: { name: 'run-deploy', labels: { 'tekton.dev/pipelineTask': 'deploy' } },
    status: { conditions: [{ type: 'Succeeded', ...condition }], steps: [{ name: 'deploy' }] },
  });
  const ending = (text?: string) =>
    pipelineRun(GOES_ON, { wanted: 'Cancelled', ...(text === undefined ? {} : { cause: text }) });
  const STEPS_AND_DEPLOY = [...STEPS, DEPLOY];

  test.each<[string, object]>([
    ['before its task was ended', deploy(PENDING)],
    ['after its task was ended', deploy({ status: 'False', reason: 'TaskRunCancelled' })],
  ])('says why until it has, %s', (_name, task) => {
    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', ending(formatEnd(cause, new Date(time(30))))],
      ['TaskRun', ci],
      ['TaskRun', task],
    );

    expect(runTitle(statusAt(record, 40, STEPS_AND_DEPLOY))).toBe('Waiting: StartTimeout');
  });

  test('shows nothing of tasks that never began as what is to come', () => {
    const record = recordOf(EMPTY_RECORD, ['PipelineRun', ending()], ['TaskRun', ci]);
    const status = statusAt(record, 40, STEPS_AND_DEPLOY);

    expect(status).toMatchObject({ phase: 'running', steps: [{}, {}, { state: 'skipped' }] });
    expect(runTitle(status)).toBe('Running');
  });
});

test('what was written down is a cause for whoever reads only that', () => {
  const cause = { kind: 'cancelled', by: '@octocat', why: 'a newer commit' } as const;
  const object = pipelineRun(
    { status: 'False', reason: 'Cancelled' },
    { wanted: 'Cancelled', cause: formatEnd(cause, new Date(time(1))) },
  );
  const record = observe(EMPTY_RECORD, { kind: 'PipelineRun', object });

  expect(statusAt(record, 60)).toMatchObject({ cause });
});
