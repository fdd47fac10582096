import { beforeEach, expect, test } from '@jest/globals';
import { createFollower } from '../../src/app/checks/follow-runs.ts';
import { createEventHandler } from '../../src/app/events/handle-event.ts';
import { createSupervisor } from '../../src/app/runs/supervise-runs.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import type { RunStatus } from '../../src/core/pipeline/run-status.ts';
import { pushEvent, SHA } from '../core/plan/examples.ts';
import { settled } from './fakes/fake-clock.ts';
import { startPush } from './fakes/start-push.ts';
import { createWorld, type World } from './fakes/world.ts';

let world: World;

beforeEach(() => {
  world = createWorld();
  world.repositories.commit(SHA, SINGLE);
});

const SINGLE = { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' };
const OTHER_SHA = 'b'.repeat(40);
const FEATURE = { ref: { kind: 'branch', name: 'feature' } } as const;

/** One of several servers: it follows from its start on. */
async function startServer() {
  const follower = createFollower(world);
  const limits = { total: 10, perRepository: () => 10 };
  const supervisor = createSupervisor(follower, world, { limits, keep: world.settings.keep });
  const stopped = new AbortController();
  const works = [supervisor.follow(stopped.signal)];
  const handle = createEventHandler({ ...world, ...supervisor, runs: follower.runs });
  await settled();
  return {
    follower,
    handle,
    /** Gives what ends it. */
    async lead() {
      const leading = new AbortController();
      const work = supervisor.lead(leading.signal);
      works.push(work);
      await settled();
      return async () => {
        leading.abort();
        await work;
        await settled();
      };
    },
    async stop() {
      stopped.abort();
      await Promise.all(works);
    },
  };
}

const only = () => world.engine.submitted[0]!.run.name;

function done(): RunStatus {
  return { phase: 'done', verdict: 'succeeded', steps: [], results: {}, finishedAt: world.clock.now() };
}

test('a server that does not lead knows every run, is ready, and does nothing about them', async () => {
  const server = await startServer();

  await server.handle(pushEvent(FEATURE));
  await settled();
  world.engine.set(only(), done());
  await world.clock.advance(600);

  expect(server.follower.ready()).toBe(true);
  expect(server.follower.runs.get(only())?.status.phase).toBe('done');
  expect(world.checks.requests).toEqual([]);
  expect(world.engine.calls).toEqual([]);
  await server.stop();
});

test('a newer commit supersedes a run that another server made, whichever server hears of it', async () => {
  const [one, other] = [await startServer(), await startServer()];
  world.repositories.commit(OTHER_SHA, SINGLE);
  const first = new Date('2026-11-23T12:00:00Z');
  await one.handle(pushEvent({ ...FEATURE, deliveryId: 'a', pushedAt: first }));
  await settled();

  const then = { sha: OTHER_SHA, before: SHA, pushedAt: new Date('2026-11-23T12:01:00Z') };
  await other.handle(pushEvent({ ...FEATURE, ...then, deliveryId: 'b' }));
  await settled();

  expect(world.engine.runs.get(only())?.status).toMatchObject({ verdict: 'cancelled' });
  await Promise.all([one.stop(), other.stop()]);
});

test('who begins to lead finds what there is to do, and who stops does nothing more', async () => {
  const server = await startServer();
  await server.handle(pushEvent(FEATURE));
  await settled();

  const stopLeading = await server.lead();
  expect(world.checks.stored).toMatchObject([{ status: 'queued' }]);
  expect(world.engine.calls).toContain(`release ${only()}`);
  await stopLeading();
  world.engine.set(only(), done());
  await world.clock.advance(60);
  expect(world.checks.stored).toMatchObject([{ status: 'queued' }]);

  await server.lead();
  expect(world.checks.stored).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  void server.stop();
});

test('the lead goes to and fro and every run has one check', async () => {
  const [one, other] = [await startServer(), await startServer()];
  const stopOne = await one.lead();
  await startPush(world, pushEvent(FEATURE));
  await settled();
  await stopOne();

  const stopOther = await other.lead();
  world.engine.set(only(), { phase: 'running', steps: [{ stage: 'clone', state: 'running' }], turns: [] });
  await settled();
  await stopOther();
  const stopAgain = await one.lead();
  world.engine.set(only(), done());
  await world.clock.advance(60);
  await stopAgain();

  expect(world.checks.stored).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  // Who took it over looks for a double of it in the end.
  expect(world.checks.requests).toEqual(['create', 'update', 'list', 'update']);
  await Promise.all([one.stop(), other.stop()]);
});

test('a check that a former leader made too late is closed, and the newest one has the verdict', async () => {
  const [one, other] = [await startServer(), await startServer()];
  const { create } = world.checks;
  const late = Promise.withResolvers<void>();
  world.checks.create = async (repository, check) => {
    await late.promise;
    return create(repository, check);
  };
  const stopOne = await one.lead();
  await startPush(world, pushEvent(FEATURE));
  await settled();
  await stopOne();
  world.checks.create = create;
  const stopOther = await other.lead();

  late.resolve();
  await settled();
  expect(world.checks.stored.map(({ status }) => status)).toEqual(['queued', 'queued']);
  world.engine.set(only(), done());
  await world.clock.advance(60);

  expect(world.checks.stored).toMatchObject([
    { status: 'completed', conclusion: 'neutral' },
    { status: 'completed', conclusion: 'success' },
  ]);
  await stopOther();
  await Promise.all([one.stop(), other.stop()]);
});

test('nothing is decided before the engine has caught up with what the last leader did', async () => {
  const server = await startServer();
  await server.handle(pushEvent(FEATURE));
  await settled();
  const caughtUp = Promise.withResolvers<void>();
  world.engine.catchUp = () => caughtUp.promise;

  await server.lead();
  await world.clock.advance(60);
  expect(world.checks.requests).toEqual([]);
  expect(world.engine.calls).toEqual([]);
  await world.engine.annotate(only(), { [ANNOTATION.check]: '{"begun":true,"id":7,"status":"completed"}' });
  caughtUp.resolve();
  await settled();

  expect(world.checks.requests).toEqual([]);
  expect(world.engine.calls).toContain(`release ${only()}`);
  void server.stop();
});

test('a check is not told twice because the engine tells late what was written on its run', async () => {
  const server = await startServer();
  const stopLeading = await server.lead();
  await server.handle(pushEvent(FEATURE));
  await settled();
  const annotate = world.engine.annotate;
  // The engine takes what it is given, and tells of it later.
  world.engine.annotate = async () => {};
  world.engine.set(only(), done());
  await settled();
  const requests = world.checks.requests.length;

  world.engine.set(only(), done());
  await world.clock.advance(60);

  expect(world.checks.requests).toHaveLength(requests);
  world.engine.annotate = annotate;
  await stopLeading();
  await server.stop();
});

test('who leads again goes by what the leader in between wrote, not by what it once wrote itself', async () => {
  const server = await startServer();
  const stopLeading = await server.lead();
  const { annotate } = world.engine;
  // Taken, and never told of before the next one wrote over it.
  world.engine.annotate = async () => {};
  await server.handle(pushEvent(FEATURE));
  await settled();
  expect(world.checks.requests).toEqual(['create']);
  await stopLeading();
  world.engine.annotate = annotate;
  world.engine.set(only(), done());
  await annotate(only(), { [ANNOTATION.check]: '{"begun":true,"id":1,"status":"completed"}' });

  await server.lead();
  await world.clock.advance(60);

  expect(world.checks.requests).toEqual(['create']);
  void server.stop();
});
