import { beforeEach, describe, expect, test } from '@jest/globals';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import type { RunName } from '../../../src/core/pipeline/run.ts';
import type { RunStatus, StepStatus } from '../../../src/core/pipeline/run-status.ts';
import { pushEvent, SHA } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { TOKEN } from '../fakes/fake-repositories.ts';
import { startPush } from '../fakes/start-push.ts';
import { createWorld, type Process, startProcess, type World } from '../fakes/world.ts';

let world: World;

beforeEach(() => {
  world = createWorld();
});

const SINGLE = 'node: 24\ntest: npm test\n';
const THREE = `
node: 24
test: npm test
projects: { api: , docs: { test: off }, web: }
`;
const TAG = { ref: { kind: 'tag', name: 'v1' } } as const;

/** Starts the runs of a commit with this config; gives their names. */
async function push(config: string, change = {}): Promise<RunName[]> {
  world.repositories.commit(SHA, { '.tekton-ci.yml': config });
  await startPush(world, pushEvent(change));
  await settled();
  return world.engine.submitted.map(({ run }) => run.name);
}

const CLONE: StepStatus = { stage: 'clone', state: 'running' };
const CLONED: StepStatus = { stage: 'clone', state: 'succeeded', exitCode: 0 };

async function set(name: RunName, status: RunStatus): Promise<void> {
  world.engine.set(name, status);
  await settled();
}

const running = (...steps: StepStatus[]): RunStatus => ({ phase: 'running', steps, turns: [] });

function done(test: 'succeeded' | 'failed'): RunStatus {
  const steps: StepStatus[] = [CLONED, { stage: 'test', state: test, exitCode: test === 'failed' ? 1 : 0 }];
  const common = { phase: 'done', steps, results: {}, finishedAt: world.clock.now() } as const;
  return test === 'succeeded'
    ? { ...common, verdict: 'succeeded' }
    : { ...common, verdict: 'failed', cause: { kind: 'step', step: { stage: 'test' }, exitCode: 1 } };
}

function check(name = 'tekton-ci') {
  const [only, ...others] = world.checks.named(name);
  expect(others).toEqual([]);
  return { status: only?.status, conclusion: only?.conclusion, title: only?.output.title };
}

describe('a run of a repository that is one project', () => {
  test('is one check, from queued to its verdict, in three requests', async () => {
    const { stop } = await startProcess(world);

    const [name] = await push(SINGLE);
    expect(check()).toEqual({ status: 'queued', conclusion: undefined, title: 'Queued' });
    await set(name!, running(CLONE));
    expect(check()).toMatchObject({ status: 'in_progress', title: 'Running clone (1 of 1)' });
    await set(name!, done('succeeded'));
    await world.clock.advance(60);

    expect(check()).toMatchObject({ status: 'completed', conclusion: 'success', title: 'Succeeded' });
    expect(world.checks.requests).toEqual(['create', 'update', 'update']);
    await stop();
  });

  test('that failed shows the log of the step that failed, without secrets', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    world.engine.say(name!, 'clone', 'cloned\n');
    world.engine.say(name!, 'test', '::group::npm test\nnot ok 1 with clone-to', 'ken-0123456789\n');

    await set(name!, running(CLONED, { stage: 'test', state: 'running' }));
    await set(name!, done('failed'));

    const [posted] = world.checks.stored;
    expect(posted?.output.title).toBe('test failed with exit code 1');
    expect(posted?.output.summary).toContain('```text\n$ npm test\nnot ok 1 with ***\n```');
    expect(world.logStore.text(name!, 'clone')).toBe('cloned\n');
    expect(world.logStore.text(name!, 'test')).not.toContain(TOKEN);
    await stop();
  });

  test('that its engine could not carry to its end shows no secret that its steps were given', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    world.engine.give(name!, 'hunter22');
    await set(name!, running(CLONE));

    await set(name!, {
      phase: 'done',
      verdict: 'infrastructure',
      cause: { kind: 'infrastructure', reason: 'OOMKilled', detail: 'no room for hunter22', retry: false },
      steps: [CLONED],
      results: {},
      finishedAt: world.clock.now(),
    });

    expect(world.checks.named('tekton-ci')[0]?.output.summary).toContain('no room for \\*\\*\\*');
    await stop();
  });

  test('has its page', async () => {
    const { stop, follower } = await startProcess(world);

    const [name] = await push(SINGLE);

    expect(follower.ready()).toBe(true);
    expect(follower.runs.get(name!)?.notes.project).toBe('.');
    expect(follower.gate(name!)).toBeNull();
    expect(world.checks.stored[0]?.detailsUrl).toBe(`https://ci.example.com/runs/${name}`);
    await stop();
    expect(follower.ready()).toBe(false);
  });

  test('ends its check even when its log can be neither copied nor read', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    world.engine.say(name!, 'clone', 'cloned\n');
    world.logStore.append = async () => {
      throw new Error('disk full');
    };
    world.logStore.read = async function* () {
      yield* [];
      throw new Error('disk gone');
    };

    await set(name!, done('failed'));
    await world.clock.advance(30);

    expect(check()).toMatchObject({ status: 'completed', conclusion: 'failure' });
    const told = world.log.messages('warn');
    expect(told).toContain('log not copied, will try again');
    expect(told).toContain('log not read, the check says nothing of it');
    await stop();
  });

  test('ends its check even when its log never ends', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    world.engine.logs = async function* () {
      yield* [];
      await new Promise(() => {});
    };

    await set(name!, done('succeeded'));
    expect(check()).toMatchObject({ status: 'queued' });
    await world.clock.advance(30);

    expect(check()).toMatchObject({ status: 'completed', conclusion: 'success' });
    await stop();
  });

  test('that tekton-ci did not make is left alone', async () => {
    const { stop, follower } = await startProcess(world);

    world.engine.add({ name: 'other', annotations: {}, createdAt: new Date(0), status: done('failed') });
    await settled();

    expect(world.checks.requests).toEqual([]);
    expect(follower.runs.get('other')).toBeUndefined();
    await stop();
  });
});

describe('a gate over three projects', () => {
  test('is live, and the worst of them', async () => {
    const { stop, follower } = await startProcess(world);

    const [api, web] = await push(THREE, TAG);
    expect(check('tekton-ci (tag v1)')).toMatchObject({ status: 'queued', title: '0 of 2 done' });
    expect(check('tekton-ci / api (tag v1)')).toMatchObject({ status: 'queued' });
    await set(api!, running(CLONE));
    expect(check('tekton-ci (tag v1)')).toMatchObject({ status: 'in_progress', title: '0 of 2 done' });
    await set(api!, done('succeeded'));
    await world.clock.advance(5);
    expect(check('tekton-ci (tag v1)')).toMatchObject({ status: 'in_progress', title: '1 of 2 done' });
    await set(web!, done('failed'));

    const [gate] = world.checks.named('tekton-ci (tag v1)');
    expect(gate).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      output: { title: '1 of 2 not green: web' },
    });
    expect(gate?.output.summary).toContain('| docs | skipped: test is off and there is no build |');
    expect(follower.gate(gate!.externalId)).toMatchObject({
      title: '1 of 2 not green: web',
      links: [{ label: 'api' }, { label: 'web' }],
    });
    expect(check('tekton-ci / web (tag v1)')).toMatchObject({ conclusion: 'failure' });
    await stop();
  });

  test('costs as many requests as it has changes to tell', async () => {
    const { stop } = await startProcess(world);
    const [api, web] = await push(THREE, TAG);
    for (const name of [api!, web!]) await set(name, running(CLONE));
    for (const name of [api!, web!]) await set(name, done('succeeded'));
    await world.clock.advance(60);

    const requests = world.checks.requests.toSorted();
    expect(requests.filter((method) => method === 'create')).toHaveLength(3);
    expect(requests.filter((method) => method === 'update')).toHaveLength(6);
    expect(requests).toHaveLength(9);
    await stop();
  });
});

describe('after a restart', () => {
  test('in the middle of everything no second check is made, and every check ends', async () => {
    const first = await startProcess(world);
    const [api, web] = await push(THREE, TAG);
    await set(api!, running(CLONE));
    await first.stop();
    await set(api!, done('succeeded'));
    await set(web!, running(CLONE));

    const second = await startProcess(world);
    await set(web!, done('succeeded'));

    expect(world.checks.stored).toHaveLength(3);
    for (const { status, conclusion } of world.checks.stored) {
      expect({ status, conclusion }).toEqual({ status: 'completed', conclusion: 'success' });
    }
    await second.stop();
  });

  test('between the intent and the answer the check is adopted', async () => {
    world.checks.failNext('create', new Error('killed'), { done: true });
    const first = await startProcess(world);
    const [name] = await push(SINGLE);
    await first.stop();

    const second = await startProcess(world);
    await set(name!, done('succeeded'));

    expect(world.checks.stored).toHaveLength(1);
    expect(check()).toMatchObject({ status: 'completed', conclusion: 'success' });
    await second.stop();
  });

  test('what is finished and reported is not touched again', async () => {
    const first = await startProcess(world);
    for (const name of await push(THREE, TAG)) await set(name, done('failed'));
    await first.stop();
    const [requests, lines] = [world.checks.requests.length, world.log.lines.length];
    world.engine.failNext('logs', new Error('must not be read'));

    const second = await startProcess(world);
    await world.clock.advance(600);

    expect(world.checks.requests).toHaveLength(requests);
    expect(world.log.lines).toHaveLength(lines);
    await second.stop();
  });

  test('the gate of a finished group still has its page', async () => {
    const first = await startProcess(world);
    for (const name of await push(THREE, TAG)) await set(name, done('succeeded'));
    await first.stop();
    const gate = world.checks.named('tekton-ci (tag v1)')[0]!.externalId;

    const second = await startProcess(world);

    expect(second.follower.gate(gate)).toMatchObject({ title: '2 projects succeeded' });
    await second.stop();
  });

  test('a log that was half copied is copied from its beginning', async () => {
    const first: Process = await startProcess(world);
    const [name] = await push(SINGLE);
    world.engine.say(name!, 'clone', 'one\n');
    await set(name!, running(CLONE));
    await first.stop();
    world.engine.say(name!, 'clone', 'one\n', 'two\n');

    const second = await startProcess(world);
    await settled();

    expect(world.logStore.text(name!, 'clone')).toBe('one\ntwo\n');
    await second.stop();
  });

  test('a log that the store did not take before the check was completed is stored by the next server, once', async () => {
    const { append } = world.logStore;
    const first = await startProcess(world);
    const [name] = await push(SINGLE);
    world.engine.say(name!, 'clone', 'one\n', 'two\n');
    // The store is gone.
    world.logStore.append = () => new Promise(() => {});
    await set(name!, done('succeeded'));
    await world.clock.advance(30);
    expect(check()).toMatchObject({ status: 'completed', conclusion: 'success' });
    await first.stop();
    const requests = world.checks.requests.length;

    world.logStore.append = append;
    await (await startProcess(world)).stop();
    world.engine.failNext('logs', new Error('must not be read again'));
    const third = await startProcess(world);

    expect(world.logStore.text(name!, 'clone')).toBe('one\ntwo\n');
    expect(world.engine.runs.get(name!)?.annotations[ANNOTATION.logs]).toBe('stored');
    expect(world.log.messages('warn')).toEqual([]);
    expect(world.checks.requests).toHaveLength(requests);
    await third.stop();
  });

  test('what was reported is on the run, and nowhere else', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    await set(name!, done('succeeded'));

    expect(JSON.parse(world.engine.runs.get(name!)!.annotations[ANNOTATION.check]!)).toEqual({
      begun: true,
      id: 1,
      status: 'completed',
      digest: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    await stop();
  });
});

describe('the credentials of a run', () => {
  test('are taken away once, when it has ended and before its check is completed', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    await set(name!, running(CLONE));
    expect(world.engine.revoked).toEqual([]);
    world.checks.failNext('update', new Error('GitHub does not answer'));

    await set(name!, done('failed'));
    expect(check()).toMatchObject({ status: 'in_progress' });
    expect(world.engine.credentials.has(name!)).toBe(false);
    await world.clock.advance(60);

    expect(check()).toMatchObject({ status: 'completed' });
    expect(world.engine.revoked).toEqual([name]);
    await stop();
  });

  test('are taken away from one that ended while nobody looked, and from no other', async () => {
    const first = await startProcess(world);
    const names = await push(THREE, TAG);
    await set(names[0]!, done('succeeded'));
    await first.stop();
    await set(names[1]!, done('succeeded'));

    const second = await startProcess(world);

    expect(world.engine.revoked).toEqual(names);
    expect(world.checks.stored.every(({ status }) => status === 'completed')).toBe(true);
    await second.stop();
  });

  test('are taken away from one that was cancelled before it began', async () => {
    const { stop } = await startProcess(world, { limits: { total: 0, perRepository: () => 0 } });
    const [name] = await push(SINGLE);

    await world.engine.cancel(name!, '@octocat', 'why not');
    await settled();

    expect(check()).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
    expect(world.engine.revoked).toEqual([name]);
    await stop();
  });

  test('are asked for again until they are gone, which its check waits for', async () => {
    const { stop } = await startProcess(world);
    const [name] = await push(SINGLE);
    world.engine.failNext('revoke', new Error('Kubernetes does not answer'));

    await set(name!, done('succeeded'));
    expect(check()).toMatchObject({ status: 'queued' });
    await world.clock.advance(1);

    expect(check()).toMatchObject({ status: 'completed' });
    expect(world.engine.credentials.has(name!)).toBe(false);
    await stop();
  });
});
