import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Run } from '../../src/core/pipeline/run.ts';
import type { TektonEngine } from '../../src/tekton/tekton-engine.ts';
import { until } from './control-plane.ts';
import { type ContainerLog, type Kubelet, startKubelet } from './kubelet.ts';
import {
  CREDENTIALS,
  childOf,
  createWorld,
  runOf,
  sharedPlane,
  type Watched,
  type World,
  watchEngine,
} from './world.ts';

let world: World;
let engine: TektonEngine;
let watched: Watched;
let kubelet: Kubelet;

beforeAll(async () => {
  world = await createWorld();
  kubelet = await startKubelet(world.admin, sharedPlane());
  engine = world.engine();
  watched = await watchEngine(engine);
  await until(watched.listed, 'everything to be listed');
});

afterAll(async () => {
  await watched.stop();
  await kubelet.close();
});

const CLONE = { stage: 'clone' } as const;
const NOW = () => `${new Date().toISOString().slice(0, 19)}Z`;

interface Started {
  readonly run: Run;
  readonly log: ContainerLog;
  /** What was read so far, and all of it when the reader has ended. */
  read(): string;
  readonly ended: Promise<string>;
  endStep(): Promise<void>;
  readonly stop: AbortController;
}

async function makeRun(): Promise<Run> {
  const run = runOf('with-build', world.namespace);
  await engine.submit(run, CREDENTIALS);
  await engine.release(run.name);
  await world.make('TaskRun', {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: childOf(run, 'ci'),
    spec: { taskSpec: { steps: [{ name: 'clone', image: 'git' }] } },
  });
  return run;
}

async function makePod(run: Run): Promise<string> {
  const metadata = childOf(run, 'ci', `${run.name}-ci-pod`);
  await world.make('Pod', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, annotations: { 'tekton.dev/ready': 'READY' } },
    spec: { nodeName: kubelet.node, containers: [{ name: 'step-clone', image: 'git' }] },
    status: { phase: 'Running' },
  });
  return metadata.name;
}

async function setStep(run: Run, state: object, condition: object): Promise<void> {
  await world.change('TaskRun', `${run.name}-ci`, {
    status: {
      podName: `${run.name}-ci-pod`,
      conditions: [{ type: 'Succeeded', ...condition }],
      steps: [{ name: 'clone', container: 'step-clone', imageID: 'sha256:1', ...state }],
    },
  });
}

function follow(run: Run) {
  const stop = new AbortController();
  let text = '';
  const ended = (async () => {
    for await (const { bytes } of engine.logs(run.name, CLONE, stop.signal)) text += Buffer.from(bytes);
    return text;
  })();
  ended.catch(() => {});
  return { stop, ended, read: () => text };
}

/** A step that runs, and a reader of its log. */
async function started(): Promise<Started> {
  const run = await makeRun();
  const pod = await makePod(run);
  const log = kubelet.log(pod, 'step-clone');
  await setStep(run, { running: { startedAt: NOW() } }, { status: 'Unknown', reason: 'Running' });
  await watched.when(run.name, ({ status }) => status.phase === 'running');
  return {
    run,
    log,
    ...follow(run),
    async endStep() {
      log.end();
      await setStep(
        run,
        { terminated: { startedAt: NOW(), finishedAt: NOW(), exitCode: 0 }, terminationReason: 'Completed' },
        { status: 'True', reason: 'Succeeded' },
      );
    },
  };
}

describe('the log of a step', () => {
  test('is followed while it runs, and ends with it', async () => {
    const { log, read, ended, endStep } = await started();
    log.write('2026-11-23T10:00:00.000000001Z', 'one');
    await until(() => read() === 'one\n', 'the first line');
    log.write('2026-11-23T10:00:00.5Z', 'two');
    await until(() => read() === 'one\ntwo\n', 'the second line');

    log.write('2026-11-23T10:00:01Z', '');
    await endStep();

    expect(await ended).toBe('one\ntwo\n\n');
  });

  test('is whole and single when connections are lost in the middle of seconds and lines', async () => {
    const { log, read, ended, endStep } = await started();
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index}`);
    for (const [index, line] of lines.entries()) {
      // Three lines a nanosecond apart in each half of a second; some were written at the very same time.
      const at = `2026-11-23T10:00:${String(Math.floor(index / 6)).padStart(2, '0')}.${index % 6 < 3 ? '1' : '7'}0000000${Math.floor((index % 3) / 2)}Z`;
      log.write(at, line);
      if (index % 7 !== 3) continue;
      await until(() => read().endsWith(`${line}\n`), line);
      log.cut();
    }
    log.writePart('2026-11-23T10:00:10.5Z half of');
    await until(() => read().endsWith('line 59\n'), 'the last line');
    log.cut();
    log.writePart(' a line\n');
    await endStep();

    expect((await ended).split('\n')).toEqual([...lines, 'half of a line', '']);
    expect(log.reads.length).toBeGreaterThan(5);
  });

  test('is whole and single when reads end anywhere as if that were all, also those after the end of the step', async () => {
    const { log, ended, endStep } = await started();
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
    let left = 12;
    log.stopAfter(() => (left-- > 0 ? 700 + 10 * left : Number.POSITIVE_INFINITY));
    for (const [index, line] of lines.entries())
      log.write(`2026-11-23T10:00:${String(Math.floor(index / 8)).padStart(2, '0')}.${index % 8}Z`, line);
    log.cut();
    await until(() => left < 6, 'some reads');
    await endStep();

    expect((await ended).split('\n')).toEqual([...lines, '']);
  });

  test('loses no line when the file is rotated while nobody reads', async () => {
    const { log, read, ended, endStep } = await started();
    log.write('2026-11-23T10:00:00.1Z', 'one');
    log.write('2026-11-23T10:00:00.2Z', 'two');
    await until(() => read() === 'one\ntwo\n', 'two lines');

    log.rotate();
    log.cut();
    log.write('2026-11-23T10:00:00.3Z', 'three');
    await endStep();

    expect(await ended).toBe('one\ntwo\nthree\n');
  });

  test('is read to its end when the step has ended before anybody read', async () => {
    const { run, log, endStep, stop } = await started();
    stop.abort();
    for (let index = 0; index < 1000; index += 1) log.write('2026-11-23T10:00:00.1Z', `line ${index}`);
    await endStep();
    await until(() => {
      const status = watched.last(run.name)?.status;
      return status !== undefined && 'steps' in status && status.steps[0]?.state === 'succeeded';
    }, 'the end of the step');

    const text = await follow(run).ended;

    expect(text.split('\n')).toHaveLength(1001);
  });

  test('keeps escape sequences, and a last line without an end', async () => {
    const { run, log, read, ended, endStep } = await started();
    log.write('2026-11-23T10:00:00.1Z', '\u001b[31mred\u001b[0m');
    log.writePart('2026-11-23T10:00:00.2Z no end');
    await until(() => read().includes('red'), 'the first line');
    await endStep();

    expect(await ended).toBe('\u001b[31mred\u001b[0m\nno end');
    expect(await follow(run).ended).toBe('\u001b[31mred\u001b[0m\nno end');
  });

  test('waits for a step that has not begun', async () => {
    const run = await makeRun();
    const { ended, read } = follow(run);
    const pod = await makePod(run);
    const log = kubelet.log(pod, 'step-clone');
    log.write('2026-11-23T10:00:00.1Z', 'begun');
    await setStep(run, { running: { startedAt: NOW() } }, { status: 'Unknown', reason: 'Running' });
    await until(() => read() === 'begun\n', 'the line');

    log.end();
    await setStep(
      run,
      { terminated: { startedAt: NOW(), finishedAt: NOW(), exitCode: 1 }, terminationReason: 'Error' },
      { status: 'False', reason: 'StepFailed' },
    );

    expect(await ended).toBe('begun\n');
  });

  test('ends when the pod is gone', async () => {
    const { run, log, read, ended } = await started();
    log.write('2026-11-23T10:00:00.1Z', 'one');
    await until(() => read() === 'one\n', 'the line');

    await world.delete('Pod', `${run.name}-ci-pod`);
    log.cut();
    await setStep(
      run,
      {
        terminated: { startedAt: NOW(), finishedAt: NOW(), exitCode: 1 },
        terminationReason: 'TaskRunCancelled',
      },
      { status: 'False', reason: 'TaskRunCancelled' },
    );

    expect(await ended).toBe('one\n');
  });

  test('ends although Kubernetes does not end it when the pod is deleted', async () => {
    const { run, log, read, ended } = await started();
    log.write('2026-11-23T10:00:00.1Z', 'one');
    await until(() => read() === 'one\n', 'the line');

    await world.delete('Pod', `${run.name}-ci-pod`);
    await setStep(
      run,
      {
        terminated: { startedAt: NOW(), finishedAt: NOW(), exitCode: 1 },
        terminationReason: 'TaskRunCancelled',
      },
      { status: 'False', reason: 'TaskRunCancelled' },
    );

    expect(await ended).toBe('one\n');
  });

  test('is empty for a step that never ran, that is not there, and of a run that is not known', async () => {
    const run = await makeRun();
    const { ended } = follow(run);
    await world.change('TaskRun', `${run.name}-ci`, {
      status: {
        podName: '',
        conditions: [{ type: 'Succeeded', status: 'False', reason: 'TaskRunImagePullFailed' }],
      },
    });

    expect(await ended).toBe('');
    expect(await follow({ ...run, name: 'unknown' }).ended).toBe('');
  });

  test('ends without an error when the reader goes', async () => {
    const { log, read, ended, stop } = await started();
    log.write('2026-11-23T10:00:00.1Z', 'one');
    await until(() => read() === 'one\n', 'the line');

    stop.abort();

    expect(await ended).toBe('one\n');
  });
});
