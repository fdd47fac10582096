import { describe, expect, test } from '@jest/globals';
import type { RunStatus } from '../../src/core/pipeline/run-status.ts';
import {
  type DoneStatus,
  makeRun,
  readLog,
  readOutput,
  simpleRun,
  startEngine,
  step,
  task,
} from './fixture.ts';

/** `clone succeeded 0`, with the variant where there is one. */
function summary({ steps }: DoneStatus): string[] {
  return steps.map(({ stage, variant, state, exitCode }) =>
    [stage, variant, state, exitCode].filter((part) => part !== undefined).join(' '),
  );
}

describe('a run', () => {
  test('is pending first, then starting, then runs its steps in order, then is done', async () => {
    const { engine, observer } = await startEngine();

    await engine.submit(simpleRun({ clone: 'echo cloned', test: 'echo tested', build: 'echo built' }), {});
    const done = await observer.done('a-run');

    const statuses = observer.statuses('a-run');
    expect(statuses[0]).toEqual({ phase: 'pending', ahead: 0 });
    expect(statuses[1]).toMatchObject({ phase: 'starting', since: expect.any(Date) });
    expect(statuses.slice(2, -1).map(({ phase }) => phase)).toEqual(Array(6).fill('running'));
    expect(statuses[2]).toMatchObject({
      turns: [],
      steps: [{ stage: 'clone', state: 'running' }, { state: 'waiting' }, { state: 'waiting' }],
    });
    expect(statuses[3]).toMatchObject({
      steps: [{ state: 'succeeded', exitCode: 0 }, { state: 'waiting' }, { state: 'waiting' }],
    });
    expect(done).toMatchObject({ verdict: 'succeeded', results: {}, finishedAt: expect.any(Date) });
    expect(done).not.toHaveProperty('cause');
    expect(summary(done)).toEqual(['clone succeeded 0', 'test succeeded 0', 'build succeeded 0']);
    expect(done.steps[0]).toMatchObject({ startedAt: expect.any(Date), finishedAt: expect.any(Date) });
    expect(await readLog(engine, 'a-run', { stage: 'test' })).toBe(
      'tekton-ci: running on this machine; the image golang:1.25 is not used\ntested\n',
    );
  });

  test('fails with its first failed step, and skips the later ones of that task', async () => {
    const { engine, observer } = await startEngine();

    await engine.submit(simpleRun({ clone: 'true', test: 'exit 7', build: 'echo never' }), {});
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('failed');
    expect(done.cause).toEqual({ kind: 'step', step: { stage: 'test' }, exitCode: 7 });
    expect(summary(done)).toEqual(['clone succeeded 0', 'test failed 7', 'build skipped']);
    expect(await readLog(engine, 'a-run', { stage: 'build' })).toBe('');
  });

  test('goes on after a failed step that may fail, and succeeds', async () => {
    const { engine, observer } = await startEngine();
    const steps = [step('test', 'exit 3', { onError: 'continue' }), step('build', 'echo built')];

    await engine.submit(makeRun({ tasks: [task('ci', steps)] }), {});
    const done = await observer.done('a-run');

    expect(done.verdict).toBe('succeeded');
    expect(summary(done)).toEqual(['test failed 3', 'build succeeded 0']);
  });

  test('runs tasks side by side, and those after them when all have succeeded', async () => {
    const { engine, observer, directory } = await startEngine();
    // Each waits for the other, so one after the other would never end.
    const meet = (mine: string, other: string) =>
      step('test', `touch ${directory}/${mine}; while [ ! -e ${directory}/${other} ]; do sleep 0.02; done`);
    const run = makeRun({
      tasks: [
        task('one', [meet('one', 'two')]),
        task('two', [meet('two', 'one')]),
        task('ci', [step('build', `ls ${directory}/one ${directory}/two`)], { runAfter: ['one', 'two'] }),
      ],
      spec: { timeouts: { pipeline: '10s' } },
    });

    await engine.submit(run, {});
    const done = await observer.done('a-run');

    expect(summary(done)).toEqual(['test succeeded 0', 'test two succeeded 0', 'build ci succeeded 0']);
  });

  test('does not stop a task beside a failed one, and starts nothing more', async () => {
    const { engine, observer, directory } = await startEngine();
    const failed = `${directory}/failed`;
    const run = makeRun({
      tasks: [
        task('bad', [step('test', `touch ${failed}; exit 1`)]),
        task('good', [
          step('test', `while [ ! -e ${failed} ]; do sleep 0.02; done`),
          step('build', 'echo on'),
        ]),
        task('after-bad', [step('clone', 'echo never')], { runAfter: ['bad'] }),
        task('after-good', [step('clone', 'echo never')], { runAfter: ['good'] }),
      ],
    });

    await engine.submit(run, {});
    const done = await observer.done('a-run');

    expect(done.cause).toEqual({ kind: 'step', step: { stage: 'test' }, exitCode: 1 });
    expect(summary(done)).toEqual([
      'test failed 1',
      'test good succeeded 0',
      'build good succeeded 0',
      'clone after-bad skipped',
      'clone after-good skipped',
    ]);
  });

  test('reports a step that a signal ended as shells do', async () => {
    const { engine, observer } = await startEngine();

    await engine.submit(simpleRun({ test: 'kill -9 $$' }), {});
    const done = await observer.done('a-run');

    expect(done.cause).toMatchObject({ kind: 'step', exitCode: 137 });
    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toBe('');
  });

  test('gives each task fresh workspaces of its own, shared by its steps', async () => {
    const { engine, observer } = await startEngine();
    const parts = {
      workspaces: [{ name: 'source', workspace: 'shared' }],
      taskSpec: { workspaces: [{ name: 'source' }, { name: 'spare', optional: true }] },
    };
    const look =
      'ls "$(workspaces.source.path)" | wc -l; echo "$(workspaces.spare.bound)[$(workspaces.spare.path)]"';
    const run = makeRun({
      tasks: [
        task('one', [step('clone', 'touch $(workspaces.source.path)/file'), step('test', look)], parts),
        task('two', [step('build', look)], { ...parts, runAfter: ['one'] }),
      ],
      workspaces: [{ name: 'shared', emptyDir: {} }],
    });

    await engine.submit(run, {});
    await observer.done('a-run');

    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toBe('1\nfalse[]\n');
    expect(await readOutput(engine, 'a-run', { stage: 'build', variant: 'two' })).toBe('0\nfalse[]\n');
  });

  test('works in the task’s directory, or in a folder that is made for it', async () => {
    const { engine, observer, directory } = await startEngine();
    const steps = [
      step('clone', 'pwd'),
      step('test', 'pwd', { workingDir: '$(workspaces.source.path)/web/app' }),
      step('build', 'pwd', { workingDir: '/nowhere/at/all' }),
    ];
    const run = makeRun({
      tasks: [
        task('ci', steps, {
          workspaces: [{ name: 'source', workspace: 'source' }],
          taskSpec: { workspaces: [{ name: 'source' }] },
        }),
      ],
      workspaces: [{ name: 'source', emptyDir: {} }],
    });

    await engine.submit(run, {});
    const done = await observer.done('a-run');

    const root = `${directory}/runs/a-run/tasks/ci`;
    expect(await readOutput(engine, 'a-run', { stage: 'clone' })).toBe(`${root}\n`);
    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toBe(`${root}/workspaces/source/web/app\n`);
    expect(await readOutput(engine, 'a-run', { stage: 'build' })).toBe(
      'tekton-ci: the working directory /nowhere/at/all does not exist\n',
    );
    expect(done.cause).toEqual({ kind: 'step', step: { stage: 'build' }, exitCode: 126 });
  });

  test('runs scripts by their first line, else by sh -e, and commands with their arguments', async () => {
    const { engine, observer } = await startEngine();
    const plain = { name: 'build', image: 'x' };
    const tasks = [
      task('ci', [
        step('clone', `#!${process.execPath}\nconsole.log(process.argv.slice(2).join("|"))`, {
          args: ['a b', '$x'],
        }),
        step('test', 'echo "$0" | sed s,.*/,,; false; echo never', { onError: 'continue' }),
        {
          ...plain,
          command: ['printf', '%s,'],
          args: ['a b', '$HOME', '$(A)', '$$(A)'],
          env: [{ name: 'A', value: 'é' }],
        },
      ]),
    ];

    await engine.submit(makeRun({ tasks }), {});
    await observer.done('a-run');

    expect(await readOutput(engine, 'a-run', { stage: 'clone' })).toBe('a b|$x\n');
    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toBe('test\n');
    expect(await readOutput(engine, 'a-run', { stage: 'build' })).toBe('a b,$HOME,é,$(A),');
  });

  test('says that a command is not there', async () => {
    const { engine, observer } = await startEngine();

    await engine.submit(
      makeRun({ tasks: [task('ci', [{ name: 'test', image: 'x', command: ['no-such-program'] }])] }),
      {},
    );
    const done = await observer.done('a-run');

    expect(done.cause).toMatchObject({ kind: 'step', exitCode: 127 });
    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toContain('no-such-program: not found');
  });

  test('reports a failed step that stands for no stage as the machine’s fault', async () => {
    const { engine, observer } = await startEngine();

    await engine.submit(
      makeRun({ tasks: [task('ci', [step('prepare', 'exit 4'), step('test', 'true')])] }),
      {},
    );
    const done = await observer.done('a-run');

    expect(done).toMatchObject({
      verdict: 'infrastructure',
      cause: {
        kind: 'infrastructure',
        reason: 'StepFailed',
        detail: 'the step ci.prepare exited with code 4',
      },
    });
    expect(summary(done)).toEqual(['test skipped']);
  });
});

describe('values', () => {
  test('come from params, contexts and results, in every place where Tekton puts them', async () => {
    const { engine, observer } = await startEngine();
    const run = makeRun({
      tasks: [
        task('first', [step('clone', 'printf 12ab > $(results.commit.path)')], {
          taskSpec: { results: [{ name: 'commit' }] },
        }),
        task(
          'second',
          [
            step(
              'test',
              'echo "$(params.mine) $(params.own) $(params.theirs) $(params[\'theirs\']) $(params.spare)"\n' +
                'echo "$FROM_ENV $1 $(tasks.first.results.commit)"\n' +
                'echo "$(context.pipelineRun.name) $(context.pipelineRun.namespace) $(context.taskRun.name)"\n' +
                'echo "$(echo shell) $(params.unknown 2>/dev/null || echo unknown)"\n',
              {
                env: [{ name: 'FROM_ENV', value: '$(params.mine)-$(tasks.first.results.commit)' }],
                args: ['$(params.theirs)'],
              },
            ),
          ],
          {
            params: [{ name: 'mine', value: '<$(params.theirs)>' }],
            taskSpec: { params: [{ name: 'mine' }, { name: 'own', default: 'o' }] },
          },
        ),
      ],
      spec: {
        params: [
          { name: 'theirs', value: 't' },
          { name: 'own', value: 'hidden' },
        ],
      },
    });
    const { pipelineRun } = run;
    const pipelineSpec = { ...pipelineRun.spec.pipelineSpec, params: [{ name: 'spare', default: 's' }] };

    await engine.submit(
      { ...run, pipelineRun: { ...pipelineRun, spec: { ...pipelineRun.spec, pipelineSpec } } },
      {},
    );
    await observer.done('a-run');

    expect(await readOutput(engine, 'a-run', { stage: 'test', variant: 'second' })).toBe(
      '<t> hidden t t s\n<t>-12ab t 12ab\na-run ci a-run-second\nshell unknown\n',
    );
  });

  test('of results become the run’s image, and a task waits for those it uses', async () => {
    const { engine, observer } = await startEngine();
    const write =
      'printf acme/api > $(results.IMAGE_URL.path); printf sha256:1 > $(results.IMAGE_DIGEST.path)';
    const run = makeRun({
      tasks: [
        task('use', [step('test', 'echo $(tasks.make.results.IMAGE_URL)')]),
        task('make', [step('build', write)], {
          taskSpec: { results: [{ name: 'IMAGE_URL' }, { name: 'IMAGE_DIGEST' }, { name: 'spare' }] },
        }),
      ],
      results: [
        { name: 'IMAGE_URL', value: '$(tasks.make.results.IMAGE_URL)' },
        { name: 'IMAGE_DIGEST', value: '$(tasks.make.results.IMAGE_DIGEST)' },
      ],
    });

    await engine.submit(run, {});
    const done = await observer.done('a-run');

    expect(done).toMatchObject({
      verdict: 'succeeded',
      results: { imageUrl: 'acme/api', imageDigest: 'sha256:1' },
    });
    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toBe('acme/api\n');
  });

  test.each([
    ['another task', 'echo $(tasks.first.results.commit)', [], 'task second'],
    ['the pipeline', 'true', [{ name: 'commit', value: '$(tasks.first.results.commit)' }], 'the pipeline'],
  ])('that no step wrote end a run when %s uses them', async (_, script, results, user) => {
    const { engine, observer } = await startEngine();
    const run = makeRun({
      tasks: [
        task('first', [step('clone', 'true')], { taskSpec: { results: [{ name: 'commit' }] } }),
        task('second', [step('test', script)]),
      ],
      results,
    });

    await engine.submit(run, {});
    const done = await observer.done('a-run');

    expect(done.cause).toEqual({
      kind: 'infrastructure',
      reason: 'PipelineValidationFailed',
      detail: `task first did not write the result commit, which ${user} uses`,
      retry: false,
    });
  });

  test.each([
    ['one result of 4,097 bytes', 'head -c 4097 /dev/zero | tr "\\0" x > $(results.a.path)', 1],
    [
      'two results of 4,000 bytes',
      'for p in $(results.a.path) $(results.b.path); do head -c 2000 /dev/zero | tr "\\0" x > $p; done',
      1,
    ],
    [
      'two results of 3,900 bytes',
      'for p in $(results.a.path) $(results.b.path); do head -c 1950 /dev/zero | tr "\\0" x > $p; done',
      0,
    ],
  ])('of a task are limited together: %s', async (_, script, exitCode) => {
    const { engine, observer } = await startEngine();
    const results = [{ name: 'a' }, { name: 'b' }];

    await engine.submit(
      makeRun({ tasks: [task('ci', [step('test', script)], { taskSpec: { results } })] }),
      {},
    );
    const done = await observer.done('a-run');

    expect(done.steps[0]).toMatchObject({ exitCode });
    if (exitCode !== 0)
      expect(await readOutput(engine, 'a-run', { stage: 'test' })).toContain('larger than 4096 bytes');
  });

  test.each(['ln -s /etc/hostname', 'mkfifo'])('are not read through what `%s` makes', async (make) => {
    const { engine, observer } = await startEngine();
    const run = makeRun({
      tasks: [
        task('ci', [step('test', `${make} $(results.a.path)`)], { taskSpec: { results: [{ name: 'a' }] } }),
      ],
      results: [{ name: 'a', value: '$(tasks.ci.results.a)' }],
    });

    await engine.submit(run, {});
    const done: RunStatus = await observer.done('a-run');

    expect(done).toMatchObject({ cause: { reason: 'PipelineValidationFailed' } });
  });

  test('cannot be folders', async () => {
    const { engine, observer } = await startEngine();
    const taskSpec = { results: [{ name: 'a' }] };

    await engine.submit(
      makeRun({ tasks: [task('ci', [step('test', 'mkdir $(results.a.path)')], { taskSpec })] }),
      {},
    );
    const done = await observer.done('a-run');

    expect(done.cause).toEqual({ kind: 'step', step: { stage: 'test' }, exitCode: 1 });
    expect(await readOutput(engine, 'a-run', { stage: 'test' })).toContain('where the result a should be');
  });

  test('are lost, and the log says so, when they are larger than the share of a container in its pod', async () => {
    const { engine, observer } = await startEngine();
    const steps = ['clone', 'test', 'build', 'image-a', 'deploy-a'].map((name) => step(name, 'true'));
    const write = step('image-b', 'head -c 1700 /dev/zero | tr "\\0" x > $(results.a.path)');
    const result = { name: 'IMAGE_URL', value: '$(tasks.ci.results.a)' };

    await engine.submit(
      makeRun({
        tasks: [task('ci', [write, ...steps], { taskSpec: { results: [{ name: 'a' }] } })],
        results: [result],
      }),
      {},
    );
    const done = await observer.done('a-run');

    expect(done.cause).toMatchObject({ reason: 'PipelineValidationFailed' });
    expect(await readOutput(engine, 'a-run', { stage: 'clone' })).toContain('they may have 1536 bytes');
  });
});
