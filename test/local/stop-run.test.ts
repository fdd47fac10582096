import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeRun, readOutput, simpleRun, startEngine, step, task } from './fixture.ts';

/** Prints once it can be asked to end, so that a test does not ask too early. */
const STUBBORN = 'trap "echo asked" TERM; echo ready; while :; do sleep 0.05 || :; done';
const POLITE = 'trap "echo asked; exit 0" TERM; echo ready; while :; do sleep 0.05; done';

type Started = Awaited<ReturnType<typeof startEngine>>;

async function startedStep({ engine }: Started, name = 'a-run'): Promise<void> {
  const signal = AbortSignal.timeout(15_000);
  for await (const { bytes } of engine.logs(name, { stage: 'test' }, signal)) {
    if (Buffer.from(bytes).includes('ready')) return;
  }
  throw new Error('the step did not start');
}

describe('a cancelled run', () => {
  test.each([
    ['a step that listens', POLITE, true, 60_000],
    ['a step that does not', STUBBORN, true, 400],
    ['a step that listens, without namespaces', POLITE, false, 60_000],
    ['a step that does not, without namespaces', STUBBORN, false, 400],
  ])('asks its steps to end, then ends them: %s', async (_, script, namespaces, killAfter) => {
    const started = await startEngine({ host: { namespaces }, killAfter });
    const { engine, observer } = started;
    await engine.submit(simpleRun({ test: script, build: 'echo never' }), {});
    await startedStep(started);

    const asked = performance.now();
    await engine.cancel('a-run', 'octocat', 'a newer commit');
    const done = await observer.done('a-run');
    const took = performance.now() - asked;

    if (script === STUBBORN) expect(took).toBeGreaterThan(killAfter);

    expect(done.verdict).toBe('cancelled');
    expect(done.cause).toEqual({ kind: 'cancelled', by: 'octocat', why: 'a newer commit' });
    expect(done.steps).toMatchObject([{ state: 'failed' }, { state: 'skipped' }]);
    expect(done.steps[0]).not.toHaveProperty('exitCode');
    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toContain('asked');
  });

  test('keeps the first reason, and is not changed once it is done', async () => {
    const started = await startEngine();
    const { engine, observer } = started;
    await engine.submit(simpleRun({ test: STUBBORN }), {});
    await startedStep(started);

    await Promise.all([engine.cancel('a-run', 'first', 'one'), engine.cancel('a-run', 'second', 'two')]);
    const done = await observer.done('a-run');
    await engine.cancel('a-run', 'third', 'three');

    expect(done.cause).toMatchObject({ by: 'first' });
    expect(observer.statuses('a-run').at(-1)).toEqual(done);
  });

  test('that never started is done at once, and its steps are skipped', async () => {
    const started = await startEngine({ concurrency: 1 });
    const { engine, observer } = started;
    await engine.submit(simpleRun({ test: STUBBORN }), {});
    await engine.submit(simpleRun({ clone: 'true', test: 'true' }, 'waiting'), {});
    await startedStep(started);

    await engine.cancel('waiting', 'octocat', 'why not');

    expect(observer.statuses('waiting').at(-1)).toMatchObject({
      phase: 'done',
      verdict: 'cancelled',
      cause: { kind: 'cancelled', by: 'octocat', why: 'why not' },
      steps: [{ state: 'skipped' }, { state: 'skipped' }],
    });
  });

  test('stops every task at once', async () => {
    const started = await startEngine();
    const { engine, observer } = started;
    const tasks = ['one', 'two'].map((name) => task(name, [step('test', STUBBORN)]));
    await engine.submit(
      makeRun({ tasks: [...tasks, task('three', [step('build', 'true')], { runAfter: ['one'] })] }),
      {},
    );
    await startedStep(started);

    await engine.cancel('a-run', 'octocat', 'x');
    const done = await observer.done('a-run');

    expect(done.steps.map(({ state }) => state)).toEqual(['failed', 'failed', 'skipped']);
  });

  test('that nobody knows is no error', async () => {
    const { engine } = await startEngine();

    await expect(engine.cancel('nobody', 'octocat', 'x')).resolves.toBeUndefined();
  });
});

describe('a timeout', () => {
  const loop = 'trap "" TERM; while :; do sleep 0.05; done';

  test('of a step ends that step', async () => {
    const { engine, observer } = await startEngine();
    const steps = [step('test', loop, { timeout: '100ms' }), step('build', 'echo never')];

    await engine.submit(makeRun({ tasks: [task('ci', steps)] }), {});
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('timed-out');
    expect(done.cause).toEqual({ kind: 'timeout', of: { stage: 'test' } });
    expect(done.steps).toMatchObject([{ state: 'failed' }, { state: 'skipped' }]);
  });

  test('of a task names the step that ran', async () => {
    const { engine, observer } = await startEngine();
    const tasks = [task('ci', [step('clone', 'true'), step('test', loop)], { timeout: '1500ms' })];

    await engine.submit(makeRun({ tasks }), {});
    const done = await observer.done('a-run');

    expect(done.cause).toEqual({ kind: 'timeout', of: { stage: 'test' } });
    expect(done.steps).toMatchObject([{ state: 'succeeded' }, { state: 'failed' }]);
  });

  test.each(['pipeline', 'tasks'])('of the whole run (%s) ends all of it', async (level) => {
    const { engine, observer } = await startEngine();
    const tasks = [task('one', [step('test', loop)]), task('two', [step('build', loop)])];

    await engine.submit(makeRun({ tasks, spec: { timeouts: { [level]: '1500ms' } } }), {});
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('timed-out');
    expect(done.cause).toEqual({ kind: 'timeout', of: 'run' });
    expect(done.steps.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });

  test('of 0 or of many weeks does not end anything', async () => {
    const { engine, observer } = await startEngine();
    const run = makeRun({
      tasks: [task('ci', [step('test', 'sleep 0.1', { timeout: '0' })], { timeout: '2000h' })],
      spec: { timeouts: { pipeline: '0', tasks: '0' } },
    });

    await engine.submit(run, {});

    expect((await observer.done('a-run')).verdict).toBe('succeeded');
  });
});

describe('close', () => {
  test('ends what runs, leaves it to the next engine with what waits, and takes no more', async () => {
    const started = await startEngine({ concurrency: 1, killAfter: 100 });
    const { engine, observer, directory } = started;
    const marker = join(directory, 'marker');
    const onceStubborn = `if [ -e ${marker} ]; then exit 0; fi; touch ${marker}; ${STUBBORN}`;
    await engine.submit(simpleRun({ test: onceStubborn, build: 'true' }), {});
    await engine.submit(simpleRun({ test: 'echo later' }, 'waiting'), {});
    await startedStep(started);

    await engine.close();

    expect(observer.statuses('a-run').at(-1)).toMatchObject({ phase: 'running' });
    expect(observer.statuses('waiting').map(({ phase }) => phase)).not.toContain('starting');
    await expect(engine.submit(simpleRun({ test: 'true' }, 'late'), {})).rejects.toThrow('closed');

    const next = await startEngine({ directory });
    expect(await next.observer.done('waiting')).toMatchObject({ verdict: 'succeeded' });
    expect(await next.observer.done('a-run')).toMatchObject({ verdict: 'succeeded' });
  });

  test('does not wait for stubborn steps after kill', async () => {
    const started = await startEngine({ killAfter: 60_000 });
    const { engine, observer } = started;
    await engine.submit(simpleRun({ test: STUBBORN }), {});
    await startedStep(started);

    const closed = engine.close();
    engine.kill();
    await closed;

    expect(observer.statuses('a-run').at(-1)).toMatchObject({ phase: 'running' });
  });

  test('of an engine that does nothing is done at once, also twice', async () => {
    const { engine } = await startEngine();

    await expect(Promise.all([engine.close(), engine.close()])).resolves.toEqual([undefined, undefined]);
  });
});
