import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { RunConflictError } from '../../src/app/ports.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import { createHostRuntime } from '../../src/local/host-runtime.ts';
import { createLocalEngine } from '../../src/local/local-engine.ts';
import {
  eventually,
  makeRun,
  observe,
  PATH,
  recordingLog,
  simpleRun,
  startEngine,
  step,
  task,
  temporaryDirectory,
} from './fixture.ts';

const tasks = [task('ci', [step('test', 'true')])];

describe('submit', () => {
  test('keeps the PipelineRun, the state and the credentials, readable for nobody else', async () => {
    const { engine, directory } = await startEngine({ concurrency: 0 });
    const run = simpleRun({ test: 'true' });
    const git = { url: 'https://github.com/acme/api.git', token: 's3cret', expiresAt: new Date() };

    await engine.submit(run, { git });

    const root = join(directory, 'runs', 'a-run');
    expect(JSON.parse(await readFile(join(root, 'pipeline-run.json'), 'utf8'))).toEqual(run.pipelineRun);
    expect(await readFile(join(root, 'secrets', 'a-run-git', 'token'), 'utf8')).toBe('s3cret');
    expect(await readFile(join(root, 'secrets', 'a-run-git', 'url'), 'utf8')).toBe(git.url);
    const modes = ['.', 'state.json', 'secrets/a-run-git', 'secrets/a-run-git/token'].map(
      async (path) => (await stat(join(root, path))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o700, 0o600, 0o700, 0o600]);
  });

  test('of the same run again changes nothing, before and after its end, and after a restart', async () => {
    const { engine, directory, observer } = await startEngine();
    const run = simpleRun({ test: 'true' });

    await Promise.all([engine.submit(run, {}), engine.submit(run, {}), engine.submit(run, {})]);
    await observer.done('a-run');
    await engine.submit(run, {});
    await engine.close();
    const next = await startEngine({ directory });
    await next.engine.submit(run, {});

    expect(observer.statuses('a-run').filter(({ phase }) => phase === 'starting')).toHaveLength(1);
    expect(next.observer.statuses('a-run').map(({ phase }) => phase)).toEqual(['done']);
  });

  test('refuses another run of the same name', async () => {
    const { engine, observer } = await startEngine();
    await engine.submit(makeRun({ key: 'one', tasks }), {});

    const both = [makeRun({ key: 'two', tasks }), makeRun({ name: 'b', key: '1', tasks })];
    const other = makeRun({ name: 'b', key: '2', tasks });
    const outcomes = await Promise.allSettled([...both, other].map((run) => engine.submit(run, {})));

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    for (const index of [0, 2])
      expect(outcomes[index]).toMatchObject({ reason: expect.any(RunConflictError) });
    await observer.done('b');
  });

  test('refuses what it cannot execute, and keeps nothing of it', async () => {
    const { engine, directory, observer } = await startEngine();
    const run = makeRun({ tasks, workspaces: [{ name: 'x', subPath: '../y', emptyDir: {} }] });

    await expect(engine.submit(run, {})).rejects.toMatchObject({ code: 'unsupported-by-local-engine' });

    expect(await readdir(join(directory, 'runs'))).toEqual([]);
    expect(observer.seen).toEqual([]);
  });

  test('rejects when the disk refuses, and takes the run when it no longer does', async () => {
    const { engine, directory, observer } = await startEngine();
    const obstacle = join(directory, 'runs', 'a-run');
    await writeFile(obstacle, 'in the way');

    await expect(engine.submit(simpleRun({ test: 'true' }), {})).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(observer.seen).toEqual([]);

    await engine.submit(simpleRun({ test: 'true' }), {});
    expect((await observer.done('a-run')).verdict).toBe('succeeded');
  });

  test('waits for a start that failed, and says why', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'runs'), 'in the way');
    const engine = createLocalEngine({
      directory,
      concurrency: 1,
      runtime: createHostRuntime({ path: PATH }),
      log: recordingLog(),
    });

    await expect(engine.ready()).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(engine.submit(simpleRun({ test: 'true' }), {})).rejects.toMatchObject({ code: 'EEXIST' });
    await engine.close();
  });
});

describe('the queue', () => {
  test('starts runs in the order of their coming, and tells the others how many are ahead', async () => {
    const { engine, observer, directory } = await startEngine({ concurrency: 2 });
    const names = ['r1', 'r2', 'r3', 'r4', 'r5'];
    const go = (name: string) => join(directory, `go-${name}`);
    for (const name of names)
      await engine.submit(simpleRun({ test: `while [ ! -e ${go(name)} ]; do sleep 0.02; done` }, name), {});

    const ahead = (name: string) =>
      observer.statuses(name).flatMap((status) => (status.phase === 'pending' ? [status.ahead] : []));
    expect(names.map((name) => ahead(name)[0])).toEqual([0, 0, 0, 1, 2]);

    await writeFile(go('r2'), '');
    await observer.done('r2');
    await observer.until('r5', (status) => status.phase === 'pending' && status.ahead === 1);
    await engine.cancel('r4', 'x', 'y');
    await observer.until('r5', (status) => status.phase === 'pending' && status.ahead === 0);
    for (const name of ['r1', 'r3', 'r5']) await writeFile(go(name), '');
    for (const name of names) await observer.done(name);

    const started = observer.seen.filter(({ status }) => status.phase === 'starting').map(({ name }) => name);
    // The first two start at once: either may be heard of first.
    expect([...started.slice(0, 2).sort(), ...started.slice(2)]).toEqual(['r1', 'r2', 'r3', 'r5']);
    expect(ahead('r5')).toEqual([2, 1, 0]);
  });

  test('is the same after a restart', async () => {
    const { engine, directory } = await startEngine({ concurrency: 0 });
    const names = Array.from({ length: 12 }, (_, index) => `run-${index}`);
    for (const name of names) await engine.submit(simpleRun({ test: 'true' }, name), {});
    await engine.close();

    const next = await startEngine({ directory, concurrency: 0 });
    await next.engine.submit(simpleRun({ test: 'true' }, 'last'), {});
    await eventually(() => next.observer.seen.length === 13);

    expect(next.observer.seen.map(({ name }) => name)).toEqual([...names, 'last']);
    expect(next.observer.seen.map(({ status }) => status)).toEqual(
      [...names, 'last'].map((_, ahead) => ({ phase: 'pending', ahead })),
    );
  });
});

describe('watch', () => {
  test('gives every watcher what is there, then what changes, until it goes', async () => {
    const { engine, observer } = await startEngine();
    await engine.submit(simpleRun({ test: 'true' }), {});
    await observer.done('a-run');

    const second = observe(engine);
    await second.done('a-run');
    expect(second.seen).toHaveLength(1);
    second.stop();
    await engine.submit(simpleRun({ test: 'true' }, 'b-run'), {});
    await observer.done('b-run');

    expect(second.seen).toHaveLength(1);
  });

  test('goes on for the others when one watcher throws, and ends only by its signal', async () => {
    const { engine, observer, log } = await startEngine();
    const controller = new AbortController();
    let ended = false;
    const bad = engine
      .watch(() => {
        throw new Error('a bug');
      }, controller.signal)
      .then(() => {
        ended = true;
      });

    await engine.submit(simpleRun({ test: 'true' }), {});
    await observer.done('a-run');
    expect(log.lines.some(({ message }) => message === 'a watcher of runs failed')).toBe(true);
    expect(ended).toBe(false);

    controller.abort();
    await bad;
    await engine.watch(() => {}, AbortSignal.abort());
  });

  test('never tells what is not on the disk yet', async () => {
    const { engine, observer, directory } = await startEngine();
    const behind: string[] = [];
    const path = join(directory, 'runs', 'a-run', 'state.json');
    void engine.watch(({ status }) => {
      const stored = JSON.parse(readFileSync(path, 'utf8'));
      if (stored.status.phase !== status.phase) behind.push(`${status.phase} before ${stored.status.phase}`);
    }, new AbortController().signal);

    await engine.submit(simpleRun({ clone: 'true', test: 'true' }), {});
    await observer.done('a-run');

    expect(behind).toEqual([]);
  });
});

describe('annotate', () => {
  test('merges, one after the other, tells watchers, and survives', async () => {
    const { engine, observer, directory } = await startEngine();
    await engine.submit(simpleRun({ test: 'true' }), {});

    await Promise.all([
      engine.annotate('a-run', { a: '1', b: '1' }),
      engine.annotate('a-run', { b: '2' }),
      engine.annotate('a-run', { c: '3' }),
    ]);
    await observer.done('a-run');
    const expected = { a: '1', b: '2', c: '3', [ANNOTATION.key]: 'a-run' };

    expect(observer.seen.at(-1)?.annotations).toMatchObject(expected);
    await engine.close();
    const next = await startEngine({ directory });
    await next.observer.done('a-run');
    expect(next.observer.seen[0]?.annotations).toMatchObject(expected);
  });

  test('of a run that is not there rejects', async () => {
    const { engine } = await startEngine();

    await expect(engine.annotate('nobody', {})).rejects.toThrow('There is no run nobody');
  });
});

describe('remove', () => {
  test('forgets a run that has ended, and its name is free again', async () => {
    const { engine, observer, directory } = await startEngine();
    await engine.submit(makeRun({ key: 'one', tasks }), {});
    await observer.done('a-run');

    await engine.remove('a-run');
    await engine.remove('a-run');

    expect(await readdir(join(directory, 'runs'))).toEqual([]);
    await engine.submit(makeRun({ key: 'two', tasks }), {});
    await eventually(() => observer.statuses('a-run').filter(({ phase }) => phase === 'done').length === 2);
  });

  test('and submission at once leave the run or nothing of it', async () => {
    const { engine, observer, directory } = await startEngine();
    const run = simpleRun({ test: 'true' });
    await engine.submit(run, {});
    await observer.done('a-run');

    await Promise.allSettled([
      engine.annotate('a-run', { a: '1' }),
      engine.remove('a-run'),
      engine.submit(run, {}),
      engine.annotate('a-run', { a: '2' }),
      engine.remove('a-run'),
    ]);

    expect(await readdir(join(directory, 'runs'))).toEqual([]);
    await engine.submit(run, {});
    expect(await readdir(join(directory, 'runs'))).toEqual(['a-run']);
  });

  test('ends a run that is being executed first', async () => {
    const { engine, observer, directory } = await startEngine();
    await engine.submit(simpleRun({ test: 'while :; do sleep 0.05; done' }), {});
    await observer.until('a-run', ({ phase }) => phase === 'running');

    await engine.remove('a-run');

    expect(observer.statuses('a-run').at(-1)).toMatchObject({ phase: 'done', verdict: 'cancelled' });
    expect(await readdir(join(directory, 'runs'))).toEqual([]);
  });
});

describe('the directory', () => {
  test('loses what runs that crashed while they were submitted left, with a warning', async () => {
    const { engine, observer, directory } = await startEngine();
    await engine.submit(simpleRun({ test: 'true' }), {});
    await observer.done('a-run');
    await engine.close();
    const runs = join(directory, 'runs');
    await mkdir(join(runs, 'half', 'secrets', 'half-git'), { recursive: true });
    await writeFile(join(runs, 'half', 'pipeline-run.json'), '{');
    await mkdir(join(runs, 'torn'));
    await writeFile(join(runs, 'torn', 'state.json'), '{"name":"torn"');
    await writeFile(join(runs, 'a-file'), '');

    const next = await startEngine({ directory });
    await next.observer.done('a-run');

    expect(await readdir(runs)).toEqual(['a-run']);
    const warned = next.log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);
    expect(warned.map((fields) => Reflect.get(fields, 'run')).sort()).toEqual(['a-file', 'half', 'torn']);
  });

  test('is for one engine at a time', async () => {
    const { engine, directory } = await startEngine();

    await expect(startEngine({ directory })).rejects.toMatchObject({ code: 'data-directory-in-use' });

    await engine.close();
    await startEngine({ directory });
  });

  test('of work is gone when a run has ended, read-only folders and links out of it too', async () => {
    const { engine, observer, directory } = await startEngine();
    const outside = join(directory, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'kept'), '');
    const script = `mkdir -p mod/cache && touch mod/cache/file && ln -s ${outside} mod/link && chmod -R a-w mod`;

    await engine.submit(simpleRun({ test: script }), {});
    await observer.done('a-run');

    const root = join(directory, 'runs', 'a-run');
    await eventually(async () => (await readdir(root)).sort().join() === 'logs,pipeline-run.json,state.json');
    expect(await readdir(outside)).toEqual(['kept']);
    expect((await stat(outside)).mode & 0o200).toBe(0o200);
  });

  test('of work stays when asked to, without the secrets', async () => {
    const { engine, observer, directory } = await startEngine({ keepWork: true });
    const git = { url: 'https://github.com/acme/api.git', token: 's3cret', expiresAt: new Date() };

    await engine.submit(simpleRun({ test: 'touch left' }), { git });
    await observer.done('a-run');
    await engine.close();

    const root = join(directory, 'runs', 'a-run');
    expect(await readdir(join(root, 'tasks', 'ci'))).toContain('left');
    expect(await readdir(root)).not.toContain('secrets');
  });

  test('that fills up or breaks ends a run as infrastructure', async () => {
    const { engine, observer, directory } = await startEngine();
    const root = join(directory, 'runs', 'a-run');
    // The next step cannot write its log any more.
    const script = `rm -r ${root}/logs && touch ${root}/logs`;

    await engine.submit(simpleRun({ clone: 'true', test: script, build: 'true' }), {});
    const done = await observer.done('a-run');

    expect(done).toMatchObject({
      verdict: 'infrastructure',
      cause: { kind: 'infrastructure', reason: 'ENOTDIR', retry: false },
      steps: [{ state: 'succeeded' }, { state: 'succeeded' }, { state: 'skipped' }],
    });
  });
});
