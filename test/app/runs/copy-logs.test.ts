import { beforeEach, describe, expect, test } from '@jest/globals';
import { createLogCopier, type LogCopier, readFailure } from '../../../src/app/runs/copy-logs.ts';
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

  test('is masked by what the run was given, as it is and encoded, and waits until that is known', async () => {
    world.engine.give(name, 'pass word/1', 'on');
    world.engine.failNext('secretValues', new Error('the API server is gone'));
    world.engine.say(name, 'clone', `on pass word/1 pass%20word%2F1 ${btoa('user:pass word/1')}\n`);

    copier.follow(run(steps('running', 'waiting')));
    await settled();
    expect(world.logStore.text(name, 'clone')).toBe('');
    await world.clock.advance(1);
    await copier.ended(name);

    expect(world.logStore.text(name, 'clone')).toMatch(/^on \*\*\* \*\*\* \S{0,8}\*\*\*\S{0,4}\n$/);
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

  test('is tried again when it cannot be stored, and nothing comes twice', async () => {
    world.engine.say(name, 'clone', 'one\n', 'two\n');
    const { append } = world.logStore;
    let appended = 0;
    world.logStore.append = async (...chunk) => {
      appended += 1;
      if (appended === 2) throw new Error('disk full');
      await append(...chunk);
    };

    copier.follow(run(steps('succeeded')));
    await settled();
    expect(world.logStore.text(name, 'clone')).toBe('one\n');
    await world.clock.advance(1);
    await copier.ended(name);

    expect(world.logStore.text(name, 'clone')).toBe('one\ntwo\n');
    expect(world.log.messages('warn')).toEqual(['log not copied, will try again']);
  });

  test('is given up when it cannot be stored for ten minutes', async () => {
    world.engine.say(name, 'clone', 'one\n');
    world.logStore.append = async () => {
      throw new Error('disk full');
    };

    copier.follow(run(steps('succeeded')));
    for (let minute = 0; minute < 15; minute += 1) {
      await world.clock.advance(60);
      await settled();
    }
    await copier.ended(name);

    expect(world.log.messages('warn').at(-1)).toBe('log not copied');
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
    world.engine.say(name, 'clone', 'first\n', 'second\n');
    await copier.ended(name);
    copier.follow(run(steps('succeeded')));
    await settled();

    expect(world.logStore.text(name, 'clone')).toBe('first\nsecond\n');
  });

  describe('of a run that is taken up again', () => {
    const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 12, 0, second));

    async function copyTwice(first: string, again: string, state: StepStatus['state'] = 'succeeded') {
      world.engine.say(name, 'clone', first);
      copier.follow(run(steps('running')));
      await copier.ended(name);
      copier.forget(name);
      world.engine.say(name, 'clone', ...(again === '' ? [] : [again]));
      copier.follow(run(steps(state)));
      await copier.ended(name);
      return world.logStore.text(name, 'clone');
    }

    test.each(['running', 'succeeded'] as const)('goes on behind what is stored: %s', async (state) => {
      expect(await copyTwice('one\ntwo\n', 'one\ntwo\nthree\n', state)).toBe('one\ntwo\nthree\n');
    });

    test.each(['running', 'succeeded'] as const)(
      'keeps what is stored when nothing is left: %s',
      async (state) => {
        expect(await copyTwice('one\n', '', state)).toBe('one\n');
      },
    );

    test('keeps what is stored when its log was rotated', async () => {
      expect(await copyTwice('one\ntwo\nthree\n', 'three\nfour\n')).toBe('one\ntwo\nthree\nfour\n');
    });

    test('counts lines that another process masked otherwise', async () => {
      world.secrets.add('hunter2', world.clock.now());
      const first = 'one\npassword: hunter2\nthree\nfour\n';

      expect(await copyTwice(first, `${first}five hunter2\n`)).toBe(
        'one\npassword: ***\nthree\nfour\nfive ***\n',
      );
    });

    test.each([
      ['is replaced when its step began after that', 5, 'second\n'],
      ['goes on when its step began before that', 1, 'first\nsecond\n'],
    ] as const)('%s', async (_what, startedAt, text) => {
      world.logStore.marks = async () => [{ line: 1, offset: 0, at: at(3) }];
      world.engine.say(name, 'clone', 'first\n');
      copier.follow(run(steps('running')));
      await copier.ended(name);
      copier.forget(name);
      world.engine.say(name, 'clone', startedAt === 5 ? 'second\n' : 'first\nsecond\n');
      const step = { stage: 'clone', state: 'running', startedAt: at(startedAt) } as const;

      copier.follow(run({ phase: 'running', turns: [], steps: [step] }));
      await copier.ended(name);

      expect(world.logStore.text(name, 'clone')).toBe(text);
    });

    test('has no half of a line when the copy was stopped in it', async () => {
      world.engine.logs = async function* () {
        yield { at: at(1), bytes: new TextEncoder().encode('one\npassword: hun') };
        abort.abort();
      };

      copier.follow(run(steps('running')));
      await copier.ended(name);

      expect(world.logStore.text(name, 'clone')).toBe('one\n');
    });
  });
});

test('an excerpt is read from the log store, characters that were cut in two too', async () => {
  const bytes = new TextEncoder().encode('schön\n');
  world.logStore.read = async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte);
  };

  expect((await readFailure(world.logStore, name, { stage: 'test' })).lines).toEqual(['schön']);
});
