import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ObservedRun } from '../../src/app/ports.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import type { Run } from '../../src/core/pipeline/run.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import type { TektonEngine, TektonEngineOptions } from '../../src/tekton/tekton-engine.ts';
import { kubeConfigFor, until } from './control-plane.ts';
import { createWire } from './wire.ts';
import {
  CREDENTIALS,
  childOf,
  createWorld,
  type KubeObject,
  runOf,
  sharedPlane,
  type Watched,
  type World,
  watchEngine,
} from './world.ts';

let world: World;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await createWorld();
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function watching(options: Partial<TektonEngineOptions> = {}, inWorld = world) {
  const engine = inWorld.engine(options);
  const watched = await watchEngine(engine);
  ends.push(watched.stop);
  await until(watched.listed, 'everything to be listed', 20_000);
  return { engine, watched };
}

async function submitted(engine: TektonEngine, example = 'with-build', inWorld = world): Promise<Run> {
  const run = runOf(example, inWorld.namespace);
  await engine.submit(run, CREDENTIALS);
  return run;
}

function named(run: Run, name: string): Run {
  const metadata = { ...run.pipelineRun.metadata, name };
  return { ...run, name, pipelineRun: { ...run.pipelineRun, metadata } };
}

const NOW = () => `${new Date().toISOString().slice(0, 19)}Z`;

/** What Tekton does when a run was released. */
async function startTask(run: Run, task = 'ci', inWorld = world): Promise<string> {
  const name = await makeTask(run, task, inWorld);
  await inWorld.change('PipelineRun', run.name, {
    status: {
      startTime: NOW(),
      childReferences: [{ apiVersion: 'tekton.dev/v1', kind: 'TaskRun', name, pipelineTaskName: task }],
      conditions: [{ type: 'Succeeded', status: 'Unknown', reason: 'Running' }],
    },
  });
  return name;
}

async function makeTask(run: Run, task = 'ci', inWorld = world): Promise<string> {
  const name = `${run.name}-${task}`;
  await inWorld.make('TaskRun', {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: childOf(run, task),
    spec: { taskSpec: { steps: [{ name: 'clone', image: 'git' }] } },
    status: {
      podName: `${name}-pod`,
      conditions: [{ type: 'Succeeded', status: 'Unknown', reason: 'Running' }],
      steps: ['clone', 'test', 'build'].map((step) => ({
        name: step,
        container: `step-${step}`,
        imageID: 'sha256:1',
        running: { startedAt: NOW() },
      })),
    },
  });
  return name;
}

async function makePod(run: Run, task = 'ci'): Promise<string> {
  const metadata = childOf(run, task, `${run.name}-${task}-pod`);
  await world.make('Pod', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, annotations: { 'tekton.dev/ready': 'READY' } },
    // A pod of a node is only marked when it is deleted: its node has to say that it is gone.
    spec: { nodeName: 'node1', containers: [{ name: 'step-clone', image: 'git' }] },
    status: { phase: 'Running' },
  });
  return metadata.name;
}

async function endTask(name: string, exitCode = 0): Promise<void> {
  const succeeded = exitCode === 0;
  await world.change('TaskRun', name, {
    status: {
      completionTime: NOW(),
      conditions: [
        {
          type: 'Succeeded',
          status: succeeded ? 'True' : 'False',
          reason: succeeded ? 'Succeeded' : 'StepFailed',
        },
      ],
      steps: ['clone', 'test', 'build'].map((step, index) => ({
        name: step,
        container: `step-${step}`,
        imageID: 'sha256:1',
        terminationReason: 'Completed',
        terminated: {
          startedAt: NOW(),
          finishedAt: NOW(),
          exitCode: index === 1 ? exitCode : 0,
          reason: 'Completed',
        },
      })),
    },
  });
}

async function endRun(run: Run, condition: KubeObject, inWorld = world): Promise<void> {
  await inWorld.change('PipelineRun', run.name, {
    status: { completionTime: NOW(), conditions: [{ type: 'Succeeded', ...condition }] },
  });
}

const phase = (wanted: string) => (run: { status: { phase: string } }) => run.status.phase === wanted;

describe('a watch', () => {
  test('tells of every run first, and only then that it has', async () => {
    const own = await createWorld();
    const before = own.engine();
    const runs = await Promise.all([1, 2, 3].map(() => submitted(before, 'with-build', own)));

    const { watched } = await watching({}, own);

    const names = new Set(watched.told.map(({ name }) => name));
    expect(names).toEqual(new Set(runs.map(({ name }) => name)));
    expect(watched.told).toHaveLength(3);
    expect(watched.told[0]).toMatchObject({ status: { phase: 'pending', ahead: 0 } });
  });

  test('lists more than one page', async () => {
    const own = await createWorld();
    const engine = own.engine();
    const template = runOf('with-build', own.namespace);
    for (let first = 0; first < 520; first += 40) {
      const names = Array.from({ length: 40 }, (_, index) => `many-${first + index}`);
      await Promise.all(names.map((name) => engine.submit(named(template, name), {})));
    }

    const { watched } = await watching({}, own);

    expect(new Set(watched.told.map(({ name }) => name)).size).toBe(520);
  });

  test('says nothing of the runs of others', async () => {
    await world.make('PipelineRun', {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: { name: 'foreign' },
      spec: { pipelineRef: { name: 'theirs' } },
    });

    const { engine, watched } = await watching();
    const run = await submitted(engine);
    await watched.when(run.name, phase('pending'));

    expect(watched.last('foreign')).toBeUndefined();
  });

  test('tells of start, progress and end', async () => {
    const { engine, watched } = await watching();
    const run = await submitted(engine);
    await watched.when(run.name, phase('pending'));

    await engine.release(run.name);
    await watched.when(run.name, phase('starting'));
    const task = await startTask(run);
    await watched.when(run.name, phase('running'));
    await endTask(task, 3);
    await endRun(run, { status: 'False', reason: 'Failed' });
    const { status } = await watched.when(run.name, phase('done'));

    expect(status).toMatchObject({
      verdict: 'failed',
      cause: { kind: 'step', step: { stage: 'test' }, exitCode: 3 },
      steps: [{ state: 'succeeded' }, { state: 'failed', exitCode: 3 }, { state: 'skipped' }],
    });
  });

  test('tells of annotations, and nothing twice', async () => {
    const { engine, watched } = await watching();
    const run = await submitted(engine);

    await engine.annotate(run.name, { [ANNOTATION.check]: '{"id":7}' });
    await watched.when(run.name, ({ annotations }) => annotations[ANNOTATION.check] === '{"id":7}');
    await world.change('PipelineRun', run.name, { metadata: { labels: { other: 'label' } } });
    await engine.annotate(run.name, { [ANNOTATION.check]: '{"id":8}' });
    await watched.when(run.name, ({ annotations }) => annotations[ANNOTATION.check] === '{"id":8}');

    expect(watched.told.filter(({ name }) => name === run.name)).toHaveLength(3);
  });

  test('does not end a run before its tasks have told how they ended', async () => {
    const { engine, watched } = await watching();
    const run = await submitted(engine);
    await engine.release(run.name);
    await world.change('PipelineRun', run.name, {
      status: { startTime: NOW(), childReferences: [{ kind: 'TaskRun', name: `${run.name}-ci` }] },
    });
    await endRun(run, { status: 'False', reason: 'Failed' });
    await watched.when(run.name, phase('starting'));

    await endTask(await makeTask(run), 1);
    const { status } = await watched.when(run.name, phase('done'));

    expect(status).toMatchObject({ cause: { kind: 'step', exitCode: 1 } });
    expect(
      watched.told.filter(({ name, status: { phase: at } }) => name === run.name && at === 'done'),
    ).toHaveLength(1);
  });

  test('holds back the end of a cancelled run until its pods are gone', async () => {
    const { engine, watched } = await watching();
    const run = await submitted(engine);
    await engine.release(run.name);
    const task = await startTask(run);
    const pod = await makePod(run);
    await watched.when(run.name, phase('running'));

    await engine.cancel(run.name, 'octocat', 'a newer commit came');
    await world.change('TaskRun', task, {
      status: {
        completionTime: NOW(),
        conditions: [{ type: 'Succeeded', status: 'False', reason: 'TaskRunCancelled' }],
      },
    });
    await endRun(run, { status: 'False', reason: 'Cancelled' });
    // Told of in order, so that the end of the run has been seen.
    const later = await submitted(engine);
    await watched.when(later.name, phase('pending'));
    expect(watched.last(run.name)?.status.phase).toBe('running');
    await world.delete('Pod', pod);
    const { status } = await watched.when(run.name, phase('done'));

    expect(status).toMatchObject({
      verdict: 'cancelled',
      cause: { kind: 'cancelled', by: 'octocat', why: 'a newer commit came' },
    });
  });

  test('ends a run whose PipelineRun was deleted by somebody', async () => {
    const { engine, watched } = await watching();
    const run = await submitted(engine);
    await watched.when(run.name, phase('pending'));

    await world.delete('PipelineRun', run.name);
    const { status } = await watched.when(run.name, phase('done'));

    expect(status).toMatchObject({ verdict: 'cancelled', cause: { by: 'an operator' } });
  });

  test('says nothing when a run that has ended is removed', async () => {
    const { engine, watched } = await watching();
    const run = await submitted(engine);
    await endRun(run, { status: 'True', reason: 'Succeeded' });
    await watched.when(run.name, phase('done'));
    const { length } = watched.told;

    await engine.remove(run.name);
    const other = await submitted(engine);
    await watched.when(other.name, phase('pending'));

    expect(watched.told.slice(length).map(({ name }) => name)).not.toContain(run.name);
  });

  test('tells the operator what to do when it may not list', async () => {
    const engine = world.engine({ user: 'nobody' });
    const watched = await watchEngine(engine);
    ends.push(watched.stop);

    const told = () => world.log.lines.filter(({ level }) => level === 'error');
    await until(() => told().length >= 4, 'the log to say so', 20_000);

    expect(JSON.stringify(told()[0]?.fields)).toMatch(
      /may not work with \w+ in the namespace test-\w+: give its user the Role/,
    );
    expect(watched.listed()).toBe(false);
  });

  test('costs four lists and four connections, and nothing while nothing happens', async () => {
    const own = await createWorld();
    const { engine, watched } = await watching({ lookMs: 20 }, own);
    const run = await submitted(engine, 'with-build', own);
    await engine.release(run.name);
    await startTask(run, 'ci', own);
    await watched.when(run.name, phase('running'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await watched.stop();

    const requests = readFileSync(sharedPlane().auditLog, 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"namespace":"${own.namespace}"`))
      .map((line): { verb: string } => JSON.parse(line));
    const count = (verb: string) => requests.filter((request) => request.verb === verb).length;
    expect({
      list: count('list'),
      create: count('create'),
      patch: count('patch'),
      get: count('get'),
    }).toEqual({
      list: 4,
      create: 2,
      patch: 1,
      get: 0,
    });
    expect(count('watch')).toBeLessThanOrEqual(4);
  });

  test('can be begun again', async () => {
    const engine = world.engine();
    const run = await submitted(engine);
    const first = await watchEngine(engine);
    await first.when(run.name, phase('pending'));
    await expect(engine.watch(() => {}, new AbortController().signal)).rejects.toThrow('watched already');
    await first.stop();

    const second: Watched = await watchEngine(engine);
    ends.push(second.stop);

    await second.when(run.name, phase('pending'));
  });
});

describe('turns and starts', () => {
  async function turn(run: Run, more: KubeObject = {}): Promise<string> {
    const name = `${run.name}-turn-staging`;
    await world.make('CustomRun', {
      apiVersion: 'tekton.dev/v1beta1',
      kind: 'CustomRun',
      metadata: childOf(run, 'turn-staging', name),
      spec: {
        customRef: { apiVersion: 'tekton-ci.dev/v1', kind: 'Turn' },
        params: [{ name: 'target', value: 'staging' }],
        ...more,
      },
    });
    return name;
  }

  test('a turn is told of until it is answered', async () => {
    const { engine, watched } = await watching();
    const run = await submitted(engine);
    await engine.release(run.name);
    await turn(run);

    await watched.when(run.name, ({ status }) => status.phase === 'running' && status.turns.length === 1);
    await engine.answer(run.name, 'staging', { go: 'yes' });

    await watched.when(run.name, ({ status }) => status.phase === 'running' && status.turns.length === 0);
  });

  test('a turn that Tekton asks to end is ended', async () => {
    const { engine, watched } = await watching();
    const run = await submitted(engine);
    await engine.release(run.name);
    const name = await turn(run);
    await watched.when(run.name, phase('running'));

    await world.change('CustomRun', name, { spec: { status: 'RunCancelled', statusMessage: 'timed out' } });
    await until(async () => (await world.read('CustomRun', name)).status !== undefined, 'the turn to end');

    expect((await world.read('CustomRun', name)).status.conditions).toMatchObject([
      { type: 'Succeeded', status: 'False', reason: 'CustomRunCancelled', message: 'timed out' },
    ]);
  });

  test('a turn that waited too long is ended, as Tekton leaves to us', async () => {
    const { engine } = await watching();
    const run = await submitted(engine);
    await engine.release(run.name);
    const name = await turn(run, { timeout: '0h0m1s' });

    await until(async () => (await world.read('CustomRun', name)).status !== undefined, 'the turn to end');

    expect((await world.read('CustomRun', name)).status.conditions).toMatchObject([
      { status: 'False', reason: 'CustomRunTimedOut' },
    ]);
  });

  test('a run that cannot start is ended with its reason', async () => {
    const { engine, watched } = await watching({ startTimeoutMs: 1_000 });
    const run = await submitted(engine);
    await engine.release(run.name);
    const name = await startTask(run);
    await world.change('TaskRun', name, {
      status: {
        conditions: [
          { type: 'Succeeded', status: 'Unknown', reason: 'ExceededResourceQuota', message: 'quota is full' },
        ],
        steps: null,
      },
    });

    await watched.when(run.name, ({ status }) => status.phase === 'starting' && status.blocked !== undefined);
    await until(
      async () => (await world.read('PipelineRun', run.name)).spec.status === 'Cancelled',
      'its end',
    );
    await world.change('TaskRun', name, {
      status: { conditions: [{ type: 'Succeeded', status: 'False', reason: 'TaskRunCancelled' }] },
    });
    await endRun(run, { status: 'False', reason: 'Cancelled' });
    const { status } = await watched.when(run.name, phase('done'));

    expect(status).toMatchObject({
      verdict: 'infrastructure',
      cause: { reason: 'ExceededResourceQuota', detail: 'quota is full', retry: false },
    });
  });

  const isBlocked = ({ status }: ObservedRun) => 'blocked' in status && status.blocked !== undefined;

  /** A clock that a test puts forward. */
  function movableClock() {
    let ahead = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
    const forward = (seconds: number) => {
      ahead += seconds * 1000;
    };
    return { clock, forward };
  }

  test('a run whose pod waits for a volume says for which, and is ended for that', async () => {
    const { clock, forward } = movableClock();
    const { engine, watched } = await watching({ clock, startTimeoutMs: 60_000 });
    const run = await submitted(engine);
    await engine.release(run.name);
    const name = await startTask(run);
    const steps = [{ name: 'clone', container: 'step-clone', waiting: { reason: 'PodInitializing' } }];
    await world.change('TaskRun', name, { status: { steps } });
    await world.make('Pod', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: childOf(run, 'ci', `${name}-pod`),
      spec: {
        containers: [{ name: 'step-clone', image: 'git' }],
        volumes: [{ name: 'registry', secret: { secretName: 'acme-registry' } }],
      },
      status: {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'True', lastTransitionTime: NOW() },
          { type: 'PodReadyToStartContainers', status: 'False', lastTransitionTime: NOW() },
        ],
      },
    });
    await watched.when(run.name, phase('starting'));

    forward(25);
    const detail = 'the pod of the task ci waits for its volumes: Secret acme-registry';
    expect((await watched.when(run.name, isBlocked)).status).toMatchObject({
      phase: 'starting',
      blocked: { reason: 'FailedMount', detail },
    });
    forward(60);
    await until(
      async () => (await world.read('PipelineRun', run.name)).spec.status === 'Cancelled',
      'its end',
    );

    const { annotations } = (await world.read('PipelineRun', run.name)).metadata;
    expect(JSON.parse(annotations[ANNOTATION.cause])).toMatchObject({ reason: 'FailedMount', detail });
  });

  test('a run that nothing is said of is ended after its time, which is said', async () => {
    const { clock, forward } = movableClock();
    const { engine, watched } = await watching({ clock, startTimeoutMs: 60_000 });
    const run = await submitted(engine);
    await engine.release(run.name);
    const name = await startTask(run);
    await world.change('TaskRun', name, { status: { steps: null } });
    await watched.when(run.name, phase('starting'));

    forward(61);
    await watched.when(run.name, ({ annotations }) => annotations[ANNOTATION.cause] !== undefined);

    const { status } = watched.last(run.name)!;
    expect(status).toMatchObject({
      blocked: { reason: 'StartTimeout', detail: 'no step began within 1 minute' },
    });
  });

  test('a run that Tekton does not pick up says so, and ends without Tekton', async () => {
    const { clock, forward } = movableClock();
    const { engine, watched } = await watching({ clock, startTimeoutMs: 600_000 });
    const run = await submitted(engine);
    await engine.release(run.name);
    await watched.when(run.name, phase('starting'));

    forward(31);
    expect((await watched.when(run.name, isBlocked)).status).toMatchObject({
      phase: 'starting',
      blocked: { reason: 'NotPickedUp' },
    });
    forward(570);
    await until(
      async () => (await world.read('PipelineRun', run.name)).spec.status === 'Cancelled',
      'its end',
    );
    forward(31);
    const { status } = await watched.when(run.name, phase('done'));

    expect(status).toMatchObject({
      verdict: 'infrastructure',
      cause: { reason: 'NotPickedUp', retry: false },
      steps: run.steps.map(() => ({ state: 'skipped' })),
    });
    await engine.renew(run.name, CREDENTIALS);
    const before = watched.told.length;
    await endRun(run, { status: 'False', reason: 'Cancelled' });
    await until(() => watched.told.length > before, 'Tekton to end it too');
    expect(watched.last(run.name)?.status).toMatchObject({ phase: 'done', verdict: 'infrastructure' });
  });

  test('a run that waits to be released is not ended', async () => {
    const { engine, watched } = await watching({ startTimeoutMs: 1 });
    const run = await submitted(engine);
    const other = await submitted(engine);
    await engine.release(other.name);
    await startTask(other);
    await world.change('TaskRun', `${other.name}-ci`, { status: { steps: null } });
    await until(
      async () => (await world.read('PipelineRun', other.name)).spec.status === 'Cancelled',
      'the end',
    );

    expect(watched.last(run.name)?.status.phase).toBe('pending');
    expect((await world.read('PipelineRun', run.name)).spec.status).toBe('PipelineRunPending');
  });
});

describe('connections', () => {
  async function overWire(options: Partial<TektonEngineOptions> = {}) {
    const wire = await createWire(sharedPlane().port);
    const { engine, watched } = await watching({ kubeConfig: kubeConfigFor(wire, 'tekton-ci'), ...options });
    ends.push(wire.close);
    return { wire, engine, watched };
  }

  test('no change is lost when all are cut, again and again', async () => {
    const { wire, watched } = await overWire();
    const admin = world.engine();
    for (let round = 0; round < 5; round += 1) {
      const run = await submitted(admin);
      wire.cut();
      await admin.annotate(run.name, { [ANNOTATION.check]: `{"id":${round}}` });
      wire.cut();
      await watched.when(run.name, ({ annotations }) => annotations[ANNOTATION.check] === `{"id":${round}}`);
    }
  });

  test('no change is lost when nothing comes through for a while', async () => {
    const { wire, watched } = await overWire();
    const admin = world.engine();
    const gone = await submitted(admin);
    const run = await submitted(admin);
    await watched.when(run.name, phase('pending'));

    wire.block();
    await admin.release(run.name);
    await startTask(run);
    await world.delete('PipelineRun', gone.name);
    wire.open();

    await watched.when(run.name, phase('running'));
    expect((await watched.when(gone.name, phase('done'))).status).toMatchObject({ verdict: 'cancelled' });
  });

  test('one that is dead without anybody saying so is given up', async () => {
    const { wire, watched } = await overWire({ silenceMs: 1_000, requestTimeoutMs: 1_000 });
    const admin = world.engine();

    wire.freeze();
    const run = await submitted(admin);

    await watched.when(run.name, phase('pending'));
  });

  test('the signal ends the watch at once, also while nothing answers', async () => {
    const { wire, watched } = await overWire();
    wire.block();

    const begin = performance.now();
    await watched.stop();

    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});
