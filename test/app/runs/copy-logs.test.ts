import { beforeEach, describe, expect, test } from '@jest/globals';
import { createLogCopier, type LogCopier, readExcerpt } from '../../../src/app/runs/copy-logs.ts';
import type { KnownRun } from '../../../src/app/runs/run-index.ts';
import { readNotes } from '../../../src/app/runs/run-notes.ts';
import type { RunStatus, StepStatus } from '../../../src/core/pipeline/run-status.ts';
import { pushEvent, runKey, SHA } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { startPush } from '../fakes/start-push.ts';
import { createWorld, type World } from '../fakes/world.ts';

let world: World;
let copier: LogCopier;
let abort: AbortController;
let name: string;

beforeEach(async () => {
  world = createWorld();
  abort = new AbortController();
  copier = createLogCopier(world, abort.signal);
  world.repositories.commit(SHA, { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' });
  await startPush(world, pushEvent());
  [name] = [...world.engine.runs.keys()] as [string];
});

function run(status: RunStatus): KnownRun {
  const observed = world.engine.runs.get(name)!;
  return { ...observed, status, notes: readNotes(observed)!, key: runKey() };
}

const steps = (...states: StepStatus['state'][]): RunStatus => ({
  phase: 'running',
  turns: [],
  steps: states.map((state, index) => ({ stage: index === 0 ? 'clone' : 'test', state })),
});

describe('the copy of a log', () => {
  test('begins with its step, and is made once', async () => {
    world.engine.say(name, 'clone', 'cloned\n');
    world.engine.say(name, 'test', 'tested\n');

    copier.follow(run({ phase: 'pending', ahead: 0 }));
    copier.follow(run(steps('waiting', 'waiting')));
    await copier.ended(name);
    expect(world.logStore.text(name, 'clone')).toBe('');
    copier.follow(run(steps('running', 'waiting')));
    copier.follow(run(steps('succeeded', 'skipped')));
    await copier.ended(name);

    expect(world.logStore.text(name, 'clone')).toBe('cloned\n');
    expect(world.logStore.text(name, 'test')).toBe('');
  });

  test('is masked, with secrets that were cut in two and such that only look like one', async () => {
    world.secrets.add('hunter2', world.clock.now());
    world.engine.say(
      name,
      'clone',
      'password: hun',
      'ter2, token ghs_',
      `${'a'.repeat(36)}\n`,
      'no end: hunter2',
    );

    copier.follow(run(steps('succeeded')));
    await copier.ended(name);

    expect(world.logStore.text(name, 'clone')).toBe('password: ***, token ***\nno end: ***');
  });

  test('that fails is said, and is over', async () => {
    world.engine.failNext('logs', new Error('gone'));

    copier.follow(run(steps('succeeded')));
    await copier.ended(name);

    expect(world.log.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: 'log not copied',
      fields: { run: name, step: 'clone' },
    });
  });

  test('that a stop ends says nothing', async () => {
    world.engine.failNext('logs', new Error('aborted'));
    const before = world.log.lines.length;

    abort.abort();
    copier.follow(run(steps('running')));
    await copier.ended(name);

    expect(world.log.lines).toHaveLength(before);
  });

  test('of a run that nobody asks for any more is forgotten', async () => {
    world.engine.say(name, 'clone', 'first\n');
    copier.follow(run(steps('succeeded')));
    await copier.ended(name);

    copier.forget(name);
    world.engine.say(name, 'clone', 'second\n');
    await copier.ended(name);
    copier.follow(run(steps('succeeded')));
    await settled();

    expect(world.logStore.text(name, 'clone')).toBe('second\n');
  });

  test.each([
    ['stays what it was when the step had ended and nothing of its log is left', 'succeeded', 'first\n'],
    ['is replaced, even by nothing, while the step runs', 'running', ''],
  ] as const)('of a run that is taken up again %s', async (_what, state, text) => {
    world.engine.say(name, 'clone', 'first\n');
    copier.follow(run(steps('succeeded')));
    await copier.ended(name);
    copier.forget(name);
    world.engine.say(name, 'clone');

    copier.follow(run(steps(state)));
    await copier.ended(name);

    expect(world.logStore.text(name, 'clone')).toBe(text);
  });
});

test('an excerpt is read from the log store, characters that were cut in two too', async () => {
  const bytes = new TextEncoder().encode('schön\n');
  world.logStore.read = async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte);
  };

  expect(await readExcerpt(world.logStore, name, { stage: 'test' })).toBe('schön');
});
