import { beforeEach, describe, expect, test } from '@jest/globals';
import { createEventHandler } from '../../../src/app/events/handle-event.ts';
import { readNotes } from '../../../src/app/runs/run-notes.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import type { RunName } from '../../../src/core/pipeline/run.ts';
import type { RunStatus, StepStatus } from '../../../src/core/pipeline/run-status.ts';
import { UserError } from '../../../src/core/user-error.ts';
import { pushEvent, SHA } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { startPush } from '../fakes/start-push.ts';
import { createWorld, type Process, startProcess, type World } from '../fakes/world.ts';

let world: World;

beforeEach(() => {
  world = createWorld();
});

const SINGLE = 'node: 24\ntest: npm test\n';
const TWO = `
node: 24
test: npm test
projects: { api: , web: }
`;
const FEATURE = { ref: { kind: 'branch', name: 'feature' } } as const;
const TAG = { ref: { kind: 'tag', name: 'v1' } } as const;

async function push(config: string, change = {}): Promise<RunName[]> {
  world.repositories.commit(SHA, { '.tekton-ci.yml': config });
  await startPush(world, pushEvent({ ...FEATURE, ...change }));
  await settled();
  return names();
}

const names = () => world.engine.submitted.map(({ run }) => run.name);

async function set(name: RunName, status: RunStatus): Promise<void> {
  world.engine.set(name, status);
  await settled();
}

const TESTING: StepStatus[] = [
  { stage: 'clone', state: 'succeeded', exitCode: 0 },
  { stage: 'test', state: 'failed' },
];

type Infrastructure = { reason?: string; retry?: boolean; steps?: StepStatus[] };

function evicted({ reason = 'Evicted', retry = true, steps = TESTING }: Infrastructure = {}): RunStatus {
  return {
    phase: 'done',
    verdict: 'infrastructure',
    cause: { kind: 'infrastructure', reason, detail: 'The node was low on memory.', retry },
    steps,
    results: {},
    finishedAt: world.clock.now(),
  };
}

function succeeded(): RunStatus {
  return { phase: 'done', verdict: 'succeeded', steps: [], results: {}, finishedAt: world.clock.now() };
}

function cancelled(by: string): RunStatus {
  return {
    phase: 'done',
    verdict: 'cancelled',
    cause: { kind: 'cancelled', by, why: 'superseded' },
    steps: [],
    results: {},
    finishedAt: world.clock.now(),
  };
}

function checks(name = 'tekton-ci') {
  return world.checks.named(name).map(({ status, conclusion, output }) => ({
    status,
    conclusion,
    title: output.title,
  }));
}

describe('a run whose pod was evicted', () => {
  test('is tried again, and its check says so', async () => {
    const { stop } = await startProcess(world);
    const [first] = await push(SINGLE);

    await set(first!, evicted());
    const [, second] = names();
    expect(checks()).toEqual([
      {
        status: 'completed',
        conclusion: 'failure',
        title: 'Infrastructure: the pod was evicted (Evicted), tried again',
      },
      { status: 'queued', conclusion: undefined, title: 'Queued' },
    ]);
    expect(world.checks.stored[0]?.output.summary).toContain(
      `It was [tried again](https://ci.example.com/runs/${second}) by itself.`,
    );
    expect(world.checks.stored[0]?.output.summary).not.toContain('Run it again');
    await set(second!, succeeded());

    expect(checks()[1]).toMatchObject({ status: 'completed', conclusion: 'success' });
    expect(names()).toHaveLength(2);
    await stop();
  });

  test('is the same run again, one attempt later', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    await set(name!, evicted());

    const [first, second] = world.engine.submitted;
    expect(second!.run.key).toEqual({ ...first!.run.key, attempt: 2 });
    const [one, two] = [first, second].map((each) => readNotes(world.engine.runs.get(each!.run.name)!)!);
    expect(two).toEqual({
      ...one,
      attempt: 2,
      retryOf: name,
      decisions: ['attempt 2: the pod of the one before was ended from outside', ...one!.decisions.slice(1)],
    });
    for (const key of [ANNOTATION.branch, ANNOTATION.tag, ANNOTATION.title, ANNOTATION.wantedBy] as const) {
      const [before, after] = [first!, second!].map(({ run }) => run.pipelineRun.metadata.annotations[key]);
      expect(after).toBe(before);
    }
    expect(second!.credentials).toEqual(first!.credentials);
    expect(second!.run.pipelineRun.spec.pipelineSpec).toEqual(first!.run.pipelineRun.spec.pipelineSpec);
    await stop();
  });

  test('goes on as in progress until its second attempt has a check, so that the commit is never red in between', async () => {
    const { stop } = await startProcess(world);
    const [first] = await push(SINGLE);
    world.repositories.failNext(new Error('GitHub is down'));

    await set(first!, evicted());
    expect(checks()).toEqual([expect.objectContaining({ status: 'queued' })]);
    await world.clock.advance(2);

    expect(checks().map(({ status }) => status)).toEqual(['completed', 'queued']);
    await stop();
  });

  test('is tried again once only', async () => {
    const { stop } = await startProcess(world);
    const [first] = await push(SINGLE);
    await set(first!, evicted());

    await set(names()[1]!, evicted());
    await world.clock.advance(600);

    expect(names()).toHaveLength(2);
    expect(checks()[1]).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      title: 'Infrastructure: the pod was evicted (Evicted)',
    });
    await stop();
  });

  test.each([
    ['an image that cannot be pulled', { reason: 'PullImageFailed', retry: false }],
    [
      'a deploy that had begun',
      { steps: [...TESTING, { stage: 'deploy', variant: 'staging', state: 'failed' }] as StepStatus[] },
    ],
    [
      'an earlier deploy that had succeeded',
      { steps: [{ stage: 'deploy', variant: 'staging', state: 'succeeded' }, ...TESTING] as StepStatus[] },
    ],
  ])('is not tried again: %s', async (_what, change) => {
    const { stop } = await startProcess(world);
    const [first] = await push(SINGLE);

    await set(first!, evicted(change));

    expect(names()).toHaveLength(1);
    expect(checks()).toEqual([expect.objectContaining({ status: 'completed', conclusion: 'failure' })]);
    expect(checks()[0]?.title).not.toContain('tried again');
    await stop();
  });

  test('is tried again when its deploy had not begun', async () => {
    const { stop } = await startProcess(world);
    const [first] = await push(SINGLE);

    await set(
      first!,
      evicted({ steps: [...TESTING, { stage: 'deploy', variant: 'staging', state: 'skipped' }] }),
    );

    expect(names()).toHaveLength(2);
    await stop();
  });

  test('ends as it is when a second attempt is refused', async () => {
    const { stop } = await startProcess(world);
    const [first] = await push(SINGLE);
    world.engine.refuse('.', new UserError('run-refused', 'Kubernetes refused the run'));

    await set(first!, evicted());

    expect(names()).toHaveLength(1);
    expect(checks()).toEqual([
      { status: 'completed', conclusion: 'failure', title: 'Infrastructure: the pod was evicted (Evicted)' },
    ]);
    expect(JSON.parse(world.engine.runs.get(first!)!.annotations[ANNOTATION.retry]!)).toEqual({
      refused: 'Kubernetes refused the run',
    });
    await stop();
  });

  test('ends as it is when a second attempt could not be made for an hour', async () => {
    const { stop } = await startProcess(world);
    const [first] = await push(SINGLE);
    for (let count = 0; count < 100; count += 1) world.repositories.failNext(new Error('GitHub is down'));

    await set(first!, evicted());
    await world.clock.advance(3_600);
    expect(checks()).toEqual([expect.objectContaining({ status: 'queued' })]);
    await world.clock.advance(120);

    expect(checks()).toEqual([
      { status: 'completed', conclusion: 'failure', title: 'Infrastructure: the pod was evicted (Evicted)' },
    ]);
    await stop();
  });
});

describe('a crash', () => {
  test.each(['annotate', 'submit', 'renew'] as const)(
    'when %s is asked for leaves one second attempt',
    async (method) => {
      const first = await startProcess(world);
      const [name] = await push(SINGLE);
      world.engine.failNext(method, new Error('killed'));
      await set(name!, evicted());
      await first.stop();

      const second = await startProcess(world);
      await set(names()[1]!, succeeded());

      expect(names()).toHaveLength(2);
      expect(checks().map(({ conclusion }) => conclusion)).toEqual(['failure', 'success']);
      await second.stop();
    },
  );

  test('between the end of a run and its second attempt changes nothing', async () => {
    const before = await startProcess(world);
    const [name] = await push(SINGLE);
    await before.stop();
    await set(name!, evicted());

    const { stop } = await startProcess(world);

    expect(names()).toHaveLength(2);
    expect(checks().map(({ status }) => status)).toEqual(['completed', 'queued']);
    await stop();
  });

  test('after which the engine tells of another end changes nothing: the cause was written down', async () => {
    const before = await startProcess(world);
    const [name] = await push(SINGLE);
    await set(name!, evicted());
    await before.stop();

    expect(JSON.parse(world.engine.runs.get(name!)!.annotations[ANNOTATION.cause]!)).toEqual({
      kind: 'infrastructure',
      reason: 'Evicted',
      detail: 'The node was low on memory.',
      retry: true,
    });
    const requests = world.checks.requests.length;
    const { stop } = await startProcess(world);
    await set(name!, { ...succeeded(), verdict: 'failed' } as RunStatus);
    await world.clock.advance(60);

    expect(world.checks.requests).toHaveLength(requests);
    await stop();
  });

  test('finds the cause written down as soon as there is a second attempt', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    const { submit } = world.engine;
    const causes: (string | undefined)[] = [];
    world.engine.submit = (run, credentials) => {
      causes.push(world.engine.runs.get(name!)!.annotations[ANNOTATION.cause]);
      return submit(run, credentials);
    };

    await set(name!, evicted());

    expect(causes).toEqual([expect.stringContaining('"reason":"Evicted"')]);
    await stop();
  });

  test('does not bring back a second attempt that was removed long ago', async () => {
    const before = await startProcess(world);
    const [name] = await push(SINGLE);
    await set(name!, evicted());
    await set(names()[1]!, succeeded());
    await before.stop();
    await world.engine.remove(names()[1]!);
    await world.clock.advance(2 * 3_600);
    const requests = world.checks.requests.length;

    const { stop } = await startProcess(world);
    await world.clock.advance(60);

    expect(names()).toHaveLength(2);
    expect(world.checks.requests).toHaveLength(requests);
    await stop();
  });
});

describe('a gate', () => {
  test('waits for the second attempt', async () => {
    const { stop, follower } = await startProcess(world);
    const [api, web] = await push(TWO, TAG);
    await set(web!, succeeded());

    await set(api!, evicted());
    await world.clock.advance(60);
    const [gate] = world.checks.named('tekton-ci (tag v1)');
    expect(gate).toMatchObject({ status: 'in_progress', output: { title: '1 of 2 done' } });
    const [, , second] = names();
    expect(follower.gate(gate!.externalId)?.links).toEqual([
      { label: 'api', url: `https://ci.example.com/runs/${second}` },
      { label: 'web', url: `https://ci.example.com/runs/${web}` },
    ]);
    await set(second!, succeeded());

    expect(checks('tekton-ci (tag v1)')).toEqual([
      { status: 'completed', conclusion: 'success', title: '2 projects succeeded' },
    ]);
    expect(checks('tekton-ci / api (tag v1)').map(({ conclusion }) => conclusion)).toEqual([
      'failure',
      'success',
    ]);
    await stop();
  });

  test('is red when there is no second attempt', async () => {
    const { stop } = await startProcess(world);
    const [api, web] = await push(TWO, TAG);
    world.engine.refuse('api', new UserError('run-refused', 'Kubernetes refused the run'));

    await set(web!, succeeded());
    await set(api!, evicted());

    expect(checks('tekton-ci (tag v1)')).toEqual([
      { status: 'completed', conclusion: 'failure', title: '1 of 2 not green: api' },
    ]);
    await stop();
  });
});

describe('a commit that comes back', () => {
  test('is run anew when its second attempt was superseded, and not when that is green', async () => {
    const started: Process = await startProcess(world);
    const handle = createEventHandler({ ...world, ...started.supervisor, runs: started.follower.runs });
    world.repositories.commit(SHA, { '.tekton-ci.yml': SINGLE });
    const at = (minute: number) => ({ pushedAt: new Date(Date.UTC(2026, 10, 23, 12, minute)) });
    await handle(pushEvent({ ...FEATURE, ...at(0), deliveryId: 'a' }));
    await settled();
    await set(names()[0]!, evicted());
    await set(names()[1]!, succeeded());

    await handle(pushEvent({ ...FEATURE, ...at(1), deliveryId: 'b' }));
    await settled();
    expect(names()).toHaveLength(2);

    await set(names()[1]!, cancelled('tekton-ci'));
    await handle(pushEvent({ ...FEATURE, ...at(2), deliveryId: 'c' }));
    await settled();
    expect(world.engine.submitted.map(({ run }) => run.key.attempt)).toEqual([1, 2, 3]);
    await started.stop();
  });
});
