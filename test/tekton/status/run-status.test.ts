import { describe, expect, test } from '@jest/globals';
import type { Cause, RunStatus } from '../../../src/core/pipeline/run-status.ts';
import { formatEnd, parseEnd } from '../../../src/tekton/status/remembered-cause.ts';
import { EMPTY_RECORD, observe, type RunRecord, runNameOf } from '../../../src/tekton/status/run-record.ts';
import { runStatus } from '../../../src/tekton/status/run-status.ts';
import { startingSince } from '../../../src/tekton/status/task-start.ts';
import { ended, evicted, pipelineRun, pod, recordOf, running, STEPS, taskRun, time } from './objects.ts';

const FAILED = { status: 'False', reason: 'Failed' } as const;
const STEP_FAILED = { status: 'False', reason: 'StepFailed' } as const;
const GOES_ON = { status: 'Unknown', reason: 'Running' } as const;
const LOST = { reason: 'DeletionByTaintManager', detail: 'gone' };
const TEST_FAILED: Cause = { kind: 'step', step: { stage: 'test' }, exitCode: 1 };
const AFTERWARDS = ended('build', 1, { termination: 'Skipped', reason: 'Error' });

function statusOf(record: RunRecord): RunStatus | null {
  return runStatus(record, { steps: STEPS, ahead: 3, now: new Date(time(60)) });
}

function causeOf(record: RunRecord): Cause | undefined {
  const status = statusOf(record);
  return status?.phase === 'done' ? status.cause : undefined;
}

describe('why a run that failed is not green', () => {
  test.each<[string, RunRecord, Cause]>([
    ['its first step that failed', failedTask([ended('test', 1), AFTERWARDS]), TEST_FAILED],
    [
      'the step that was short of memory, although the task was ended by its timeout',
      failedTask(
        [ended('test', 137, { reason: 'OOMKilled' }), ended('build', 1, { termination: 'TaskRunTimeout' })],
        { status: 'False', reason: 'TaskRunTimeout' },
      ),
      { kind: 'step', step: { stage: 'test' }, exitCode: 137, outOfMemory: true },
    ],
    [
      'the step a process of which was short of memory, although it ended well',
      failedTask([ended('test', 0, { reason: 'OOMKilled' }), AFTERWARDS]),
      { kind: 'step', step: { stage: 'test' }, exitCode: 0, outOfMemory: true },
    ],
    [
      'a step that is no stage',
      failedTask([ended('prepare', 2)]),
      {
        kind: 'infrastructure',
        reason: 'StepFailed',
        detail: 'the step ci.prepare exited with code 2',
        retry: false,
      },
    ],
    [
      'the node, when the pod was disrupted before its step ended',
      recordOf(failedTask([ended('test', 1), AFTERWARDS]), ['Pod', pod('a', { status: evicted(19) })]),
      { kind: 'infrastructure', ...LOST, retry: true },
    ],
    [
      'the step, when the pod was disrupted after it had failed',
      recordOf(failedTask([ended('test', 1), AFTERWARDS]), ['Pod', pod('a', { status: evicted(21) })]),
      TEST_FAILED,
    ],
    [
      'the step, when it failed in a pod that was made again after a disruption',
      recordOf(
        failedTask([ended('test', 1), AFTERWARDS]),
        ['Pod', pod('a', { status: evicted(5) })],
        ['Pod', pod('b')],
      ),
      TEST_FAILED,
    ],
    [
      'the node, when its pod has forgotten that it was disrupted',
      recordOf(
        failedTask([ended('test', 1), AFTERWARDS]),
        ['Pod', pod('a', { status: evicted(19) })],
        ['Pod', pod('a', { status: { phase: 'Failed' } })],
      ),
      { kind: 'infrastructure', ...LOST, retry: true },
    ],
    [
      'a deletion of the pod while its step ran',
      recordOf(failedTask([ended('test', 1), AFTERWARDS]), [
        'Pod',
        pod('a', { metadata: { deletionTimestamp: time(45), deletionGracePeriodSeconds: 30 } }),
      ]),
      {
        kind: 'infrastructure',
        reason: 'PodDeleted',
        detail: 'the pod run-ci-pod was deleted while its steps ran',
        retry: true,
      },
    ],
    [
      'the kubelet, which tells it in the pod itself',
      recordOf(failedTask([ended('test', 137)]), [
        'Pod',
        pod('a', { status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' } }),
      ]),
      { kind: 'infrastructure', reason: 'Evicted', detail: 'low on memory', retry: true },
    ],
    [
      'a node that refused the pod, which is not tried again',
      recordOf(failedTask([{ name: 'test' }], { status: 'False', reason: 'PodAdmissionFailed' }), [
        'Pod',
        pod('a', { status: { phase: 'Failed', reason: 'OutOfcpu', message: 'no room' } }),
      ]),
      { kind: 'infrastructure', reason: 'OutOfcpu', detail: 'no room', retry: false },
    ],
    [
      'an eviction that only Tekton tells',
      failedTask([ended('test', 137)], { status: 'False', reason: 'PodEvicted', message: 'evicted' }),
      { kind: 'infrastructure', reason: 'PodEvicted', detail: 'evicted', retry: true },
    ],
    [
      'a timeout of its task between two steps',
      failedTask([ended('test', 0), { name: 'build' }], { status: 'False', reason: 'TaskRunTimeout' }),
      { kind: 'timeout', of: 'run' },
    ],
    [
      'what kept its task from starting until its timeout',
      failedTask([{ name: 'test' }], {
        status: 'False',
        reason: 'TaskRunTimeout',
        message: 'TaskRun "x" failed to finish\nPrevious status: [ExceededResourceQuota] no quota',
      }),
      { kind: 'infrastructure', reason: 'ExceededResourceQuota', detail: 'no quota', retry: false },
    ],
    [
      'what Tekton says of a run without tasks, without its own words around it',
      recordOf(EMPTY_RECORD, [
        'PipelineRun',
        pipelineRun({ status: 'False', reason: 'CouldntGetTask', message: '[User error] no such task' }),
      ]),
      { kind: 'infrastructure', reason: 'CouldntGetTask', detail: 'no such task', retry: false },
    ],
    [
      'a task that was cancelled without the run',
      failedTask([{ name: 'test' }], { status: 'False', reason: 'TaskRunCancelled' }),
      { kind: 'cancelled', by: 'an operator', why: 'the PipelineRun was cancelled in Kubernetes' },
    ],
  ])('is %s', (_name, record, cause) => {
    expect(causeOf(record)).toEqual(cause);
  });

  test('is the task that failed first, when several did', () => {
    const record = recordOf(failedTask([ended('test', 1), AFTERWARDS]), [
      'TaskRun',
      {
        metadata: { name: 'run-early', labels: { 'tekton.dev/pipelineTask': 'early' } },
        status: {
          completionTime: time(30),
          conditions: [{ type: 'Succeeded', ...STEP_FAILED }],
          steps: [ended('early', 4)],
        },
      },
    ]);

    expect(causeOf(record)).toMatchObject({ detail: 'the step early.early exited with code 4' });
  });

  test('is not a failure that its task may have', () => {
    const record = recordOf(failedTask([ended('test', 1), AFTERWARDS]), [
      'TaskRun',
      {
        metadata: { name: 'run-early', labels: { 'tekton.dev/pipelineTask': 'early' } },
        status: {
          completionTime: time(30),
          conditions: [{ type: 'Succeeded', status: 'False', reason: 'FailureIgnored' }],
          steps: [ended('early', 4)],
        },
      },
    ]);

    expect(causeOf(record)).toEqual(TEST_FAILED);
  });

  test('is not known when its tasks are gone', () => {
    expect(statusOf(recordOf(EMPTY_RECORD, ['PipelineRun', pipelineRun(FAILED)]))).toMatchObject({
      verdict: 'failed',
      steps: [{ state: 'skipped' }, { state: 'skipped' }],
    });
  });

  function failedTask(
    steps: readonly object[],
    verdict: Parameters<typeof taskRun>[0] = STEP_FAILED,
  ): RunRecord {
    return recordOf(EMPTY_RECORD, ['PipelineRun', pipelineRun(FAILED)], ['TaskRun', taskRun(verdict, steps)]);
  }
});

describe('what the engine wrote on the run', () => {
  const CANCELLED = { kind: 'cancelled', by: '@octocat', why: 'a newer commit' } as const;
  const BLOCKED = {
    kind: 'infrastructure',
    reason: 'Unschedulable',
    detail: 'no node',
    retry: false,
  } as const;
  const STOPPED = { status: 'False', reason: 'Cancelled' } as const;

  test.each([CANCELLED, BLOCKED])('is why it was cancelled: $kind', (cause) => {
    const object = pipelineRun(STOPPED, { wanted: 'Cancelled', cause: formatEnd(cause, new Date(time(30))) });

    expect(causeOf(recordOf(EMPTY_RECORD, ['PipelineRun', object]))).toEqual(cause);
  });

  test('tells of an eviction after the pod is gone', () => {
    const cause = { kind: 'infrastructure', ...LOST, retry: true } as const;
    const object = pipelineRun(FAILED, { cause: formatEnd(cause, new Date(time(30))) });

    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', object],
      ['TaskRun', taskRun(STEP_FAILED, [{ name: 'test' }])],
    );

    expect(causeOf(record)).toEqual(cause);
  });

  test('is nothing to a run that ended by itself before it was cancelled', () => {
    const cause = formatEnd(CANCELLED, new Date(time(30)));
    const green = pipelineRun({ status: 'True', reason: 'Succeeded' }, { wanted: 'Cancelled', cause });
    const red = pipelineRun(FAILED, { wanted: 'Cancelled', cause });
    const task = taskRun(STEP_FAILED, [ended('test', 1)]);

    expect(statusOf(recordOf(EMPTY_RECORD, ['PipelineRun', green]))).toMatchObject({ verdict: 'succeeded' });
    expect(causeOf(recordOf(EMPTY_RECORD, ['PipelineRun', red], ['TaskRun', task]))).toEqual(TEST_FAILED);
  });

  test.each([undefined, 7, '{', '{"kind":"step"}', '{"kind":"cancelled","by":1}'])('is not %j', (text) => {
    expect(parseEnd(text)).toBeNull();
  });
});

describe('a run that goes on', () => {
  test('is not known without its PipelineRun', () => {
    const record = recordOf(EMPTY_RECORD, ['TaskRun', taskRun(GOES_ON, [running('test')])]);

    expect(statusOf(record)).toBeNull();
  });

  test('is pending with the runs ahead of it', () => {
    const held = pipelineRun(
      { status: 'Unknown', reason: 'PipelineRunPending' },
      { wanted: 'PipelineRunPending' },
    );

    expect(statusOf(recordOf(EMPTY_RECORD, ['PipelineRun', held]))).toEqual({ phase: 'pending', ahead: 3 });
  });

  test('has ended only when its tasks have', () => {
    const record = recordOf(EMPTY_RECORD, ['PipelineRun', pipelineRun(FAILED)]);

    expect(statusOf(recordOf(record, ['TaskRun', taskRun(GOES_ON, [running('test')])]))?.phase).toBe(
      'running',
    );
    expect(statusOf(recordOf(record, ['TaskRun', taskRun(STEP_FAILED, [ended('test', 1)])]))?.phase).toBe(
      'done',
    );
  });

  test('has ended when Tekton could not end its tasks', () => {
    const stuck = pipelineRun({ status: 'False', reason: 'PipelineRunCouldntCancel', message: 'conflict' });
    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', stuck],
      ['TaskRun', taskRun(GOES_ON, [running('test')])],
    );

    expect(statusOf(record)).toMatchObject({
      verdict: 'infrastructure',
      steps: [{ state: 'failed', finishedAt: new Date(time(60)) }, { state: 'skipped' }],
    });
  });

  test('counts the time of a step from the end of the one before it', () => {
    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', pipelineRun(GOES_ON)],
      ['TaskRun', taskRun(GOES_ON, [ended('test', 0), running('build')])],
    );

    expect(statusOf(record)).toMatchObject({
      steps: [
        { startedAt: new Date(time(10)), finishedAt: new Date(time(20)) },
        { state: 'running', startedAt: new Date(time(20)) },
      ],
    });
  });

  test('says of tasks that will not run that they are skipped, and of turns that were cancelled nothing', () => {
    const turn = {
      metadata: { name: 'run-turn', creationTimestamp: time(3) },
      spec: { customRef: { kind: 'Turn' }, params: [{ name: 'target', value: 'staging' }] },
    };
    const stopping = pipelineRun({ status: 'Unknown', reason: 'PipelineRunStopping' }, { skipped: 'ci' });
    const record = recordOf(EMPTY_RECORD, ['PipelineRun', stopping], ['CustomRun', turn]);
    const cancelled = { ...turn, spec: { ...turn.spec, status: 'RunCancelled' } };

    expect(statusOf(record)).toEqual({
      phase: 'running',
      steps: [
        { stage: 'test', state: 'skipped' },
        { stage: 'build', state: 'skipped' },
      ],
      turns: [{ target: 'staging', since: new Date(time(3)) }],
    });
    expect(statusOf(recordOf(record, ['CustomRun', cancelled]))).toMatchObject({ turns: [] });
  });

  test('says what keeps a later task from starting', () => {
    const deploy = {
      metadata: { name: 'run-deploy', labels: { 'tekton.dev/pipelineTask': 'deploy' } },
      status: {
        conditions: [
          { type: 'Succeeded', status: 'Unknown', reason: 'ExceededResourceQuota', message: 'full' },
        ],
      },
    };
    const ci = taskRun({ status: 'True', reason: 'Succeeded' }, [ended('test', 0), ended('build', 0)]);

    expect(
      statusOf(
        recordOf(EMPTY_RECORD, ['PipelineRun', pipelineRun(GOES_ON)], ['TaskRun', ci], ['TaskRun', deploy]),
      ),
    ).toMatchObject({
      phase: 'running',
      blocked: { reason: 'ExceededResourceQuota', detail: 'full' },
    });
  });

  test('is not kept from what it has begun by a service that failed since', () => {
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off' };
    const service = { name: 'sidecar-db', ready: false, state: { waiting } };
    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', pipelineRun(GOES_ON)],
      ['TaskRun', taskRun(GOES_ON, [running('test')], { sidecars: [{ name: 'db', waiting }] })],
      ['Pod', pod('a', { status: { containerStatuses: [service] } })],
    );

    expect(statusOf(record)).not.toHaveProperty('blocked');
  });

  test('starts again when its pod is made again', () => {
    const again = pod('b', { metadata: { uid: 'b', creationTimestamp: time(40) } });
    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', pipelineRun(GOES_ON)],
      ['TaskRun', taskRun({ status: 'Unknown', reason: 'Pending' }, [{ name: 'test' }])],
      ['Pod', pod('a')],
    );

    expect(statusOf(record)).toMatchObject({ phase: 'starting', since: new Date(time(2)) });
    expect(statusOf(recordOf(record, ['Pod', again]))).toMatchObject({ since: new Date(time(40)) });
    expect(startingSince(recordOf(record, ['Pod', again]))).toEqual(new Date(time(40)));
  });

  test('waits for nothing once its first step has begun', () => {
    const record = recordOf(EMPTY_RECORD, ['TaskRun', taskRun(GOES_ON, [running('test')])]);

    expect(startingSince(record)).toBeNull();
    expect(startingSince(recordOf(record, ['Pod', pod('a', { metadata: { annotations: {} } })]))).toEqual(
      new Date(time(2)),
    );
    expect(startingSince(EMPTY_RECORD)).toBeNull();
  });

  test('has not begun while its first step cannot start, whatever runs beside it', () => {
    const waiting = {
      name: 'test',
      waiting: { reason: 'ErrImageNeverPull', message: 'not present with pull policy of Never' },
    };
    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', pipelineRun(GOES_ON)],
      ['TaskRun', taskRun(GOES_ON, [waiting, running('build')])],
      ['Pod', pod('a')],
    );

    expect(statusOf(record)).toMatchObject({ phase: 'starting', blocked: { reason: 'ErrImageNeverPull' } });
    expect(startingSince(record)).toEqual(new Date(time(2)));
  });

  test('has no step that its own `when` left out, but those after it', () => {
    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', pipelineRun(GOES_ON)],
      ['TaskRun', taskRun(GOES_ON, [ended('test', 0, { termination: 'Skipped' }), running('build')])],
    );

    expect(statusOf(record)).toMatchObject({ steps: [{ state: 'skipped' }, { state: 'running' }] });
  });

  test.each([
    ['is not ready yet', { state: { running: {} } }, 'the service db is not ready yet'],
    [
      'ended too early',
      { state: { terminated: { exitCode: 7 } } },
      'the service db exited with code 7 before it was ready',
    ],
  ])('waits for a service that %s', (_name, sidecar, detail) => {
    const containers = [
      { name: 'step-test', ready: true, state: { running: {} } },
      { name: 'sidecar-db', ready: false, ...sidecar },
    ];
    const waiting = pod('a', { metadata: { annotations: {} }, status: { containerStatuses: containers } });

    const record = recordOf(
      EMPTY_RECORD,
      ['PipelineRun', pipelineRun(GOES_ON)],
      ['TaskRun', taskRun(GOES_ON, [running('test')])],
      ['Pod', waiting],
    );

    expect(statusOf(record)).toMatchObject({
      phase: 'starting',
      blocked: { reason: 'ServiceNotReady', detail },
    });
  });

  test('forgets a TaskRun that was deleted', () => {
    const object = taskRun(GOES_ON, [running('test')]);
    const record = recordOf(EMPTY_RECORD, ['PipelineRun', pipelineRun(FAILED)], ['TaskRun', object]);

    expect(statusOf(observe(record, { kind: 'TaskRun', object, deleted: true }))?.phase).toBe('done');
    expect(
      statusOf(observe(record, { kind: 'PipelineRun', object: pipelineRun(FAILED), deleted: true })),
    ).toBeNull();
  });
});

test('a turn that nobody answered in time is the time limit of its deploy', () => {
  const turn = {
    metadata: { name: 'run-turn', creationTimestamp: time(3) },
    spec: { customRef: { kind: 'Turn' }, params: [{ name: 'target', value: 'staging' }] },
    status: { conditions: [{ type: 'Succeeded', status: 'False', reason: 'CustomRunTimedOut' }] },
  };
  const record = recordOf(EMPTY_RECORD, ['PipelineRun', pipelineRun(FAILED)], ['CustomRun', turn]);
  const deploy = { stage: 'deploy', variant: 'staging' } as const;
  const steps = [...STEPS, { ...deploy, task: 'deploy-staging', step: 'deploy' }];

  expect(runStatus(record, { steps, ahead: 0, now: new Date(time(60)) })).toMatchObject({
    verdict: 'timed-out',
    cause: { kind: 'timeout', of: deploy },
  });
  expect(statusOf(record)).toMatchObject({ cause: { kind: 'timeout', of: 'run' } });
});

test('a custom run of another kind is no turn', () => {
  const other = { metadata: { name: 'x' }, spec: { customRef: { kind: 'Wait' }, params: [] } };

  expect(observe(EMPTY_RECORD, { kind: 'CustomRun', object: other }).customRuns.size).toBe(0);
});

test.each([
  ['its own', { kind: 'PipelineRun', object: pipelineRun(GOES_ON) } as const, 'run'],
  ['that of its label', { kind: 'Pod', object: pod('a') } as const, 'run'],
  ['nothing for a pod of somebody else', { kind: 'Pod', object: { metadata: { name: 'x' } } } as const, null],
])('the run of an object is %s', (_name, sighting, name) => {
  expect(runNameOf(sighting)).toBe(name);
});

describe('the image that a run has made', () => {
  const told = [
    { name: 'IMAGE_URL', type: 'string', value: 'registry.example.com/greeter:1' },
    { name: 'IMAGE_DIGEST', type: 'string', value: 'sha256:1234' },
  ];
  const imageOf = (declared: readonly string[]) => {
    const spec = { taskSpec: { results: declared.map((name) => ({ name, type: 'string' })) } };
    const ci = { ...taskRun(STEP_FAILED, [ended('test', 0), ended('build', 1)], { results: told }), spec };
    const record = recordOf(EMPTY_RECORD, ['PipelineRun', pipelineRun(FAILED)], ['TaskRun', ci]);
    const status = statusOf(record);
    return status?.phase === 'done' ? status.results : null;
  };

  test('is told by its task too, since a run that fails has no results of its own', () => {
    const made = { imageUrl: 'registry.example.com/greeter:1', imageDigest: 'sha256:1234' };
    expect(imageOf(['commit', 'IMAGE_URL', 'IMAGE_DIGEST'])).toEqual(made);
  });

  test('is none that a step has told in a termination message of its own, and that the task does not declare', () => {
    expect(imageOf(['commit', 'url'])).toEqual({});
  });
});
