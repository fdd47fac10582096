import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PODS, pathOf } from '../../src/tekton/resources.ts';
import { completed } from '../e2e/world.ts';
import type { RunningApp } from '../server/start-app.ts';
import { type AppWorld, startAppWorld } from './app-world.ts';
import { until } from './control-plane.ts';
import type { PlayedStep } from './played-task.ts';

let world: AppWorld;

beforeEach(async () => {
  world = await startAppWorld();
  await until(() => leads(world.server()), 'the only server to lead');
});

afterEach(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const CONFIG = { '.tekton-ci.yml': 'use: alpine:3.22\ntest: make test\n' };
/** A lease that nobody gives back, and a try to take it. */
const LOST_LEASE_S = 15 + 5;

function leads(server: RunningApp): boolean {
  return server.log().includes('"msg":"leads"');
}

async function isReady(server: RunningApp): Promise<boolean> {
  return (await fetch(`${server.url}/readyz`)).ok;
}

async function push(name: string) {
  const repository = await world.repository(name);
  const { sha } = await world.github.pushFiles(repository, { files: CONFIG });
  return { repository, sha };
}

/** A push whose step `test` goes on until it is let go, and whose check says so. */
async function pushHeld(name: string) {
  const begun = Promise.withResolvers<PlayedStep>();
  const held = Promise.withResolvers<number>();
  world.tekton.run((played) => {
    if (played.step !== 'test') return 0;
    begun.resolve(played);
    return held.promise;
  });
  const pushed = await push(name);
  const step = await begun.promise;
  await world.checked(pushed, ([check]) => check?.status === 'in_progress');
  return { ...pushed, step, end: held.resolve };
}

test('webhooks that come to a server which does not lead become checks all the same', async () => {
  const other = await world.join();
  await until(() => isReady(other), 'the other server to be ready');

  const pushed = await push('follower');
  const [check, ...more] = await world.checked(pushed, completed);

  expect(check).toMatchObject({ conclusion: 'success' });
  expect(more).toEqual([]);
  expect(await world.runs(pushed.repository)).toHaveLength(1);
  expect(leads(other)).toBe(false);
  expect(other.log()).toContain('"msg":"run made"');
});

test('when the leader is stopped in order another one leads at once', async () => {
  const other = await world.join();
  await until(() => isReady(other), 'the other server to be ready');

  await world.kill('SIGTERM');
  // Well before the lease would have ended by itself.
  await until(() => leads(other), 'the other server to lead', 10_000);

  await world.checked(await push('handed'), completed);
});

test('when the leader is killed another one ends the checks of its runs, and tries the one again whose pod was evicted with it', async () => {
  const other = await world.join();
  await until(() => isReady(other), 'the other server to be ready');
  const failing = await pushHeld('failing');
  const evicted = await pushHeld('evicted');

  await world.kill();
  const { pipelineRun, task } = evicted.step;
  await evict(`${pipelineRun.metadata.name}-${task}-pod`);
  world.tekton.run(() => 0);
  failing.end(1);
  evicted.end(137);
  const failed = await world.checked(failing, completed, LOST_LEASE_S + 10);
  const both = await world.checked(evicted, (all) => all.length === 2 && completed(all));

  expect(failed).toMatchObject([
    { name: 'tekton-ci', conclusion: 'failure', title: 'test failed with exit code 1' },
  ]);
  expect(await world.runs(failing.repository)).toHaveLength(1);
  expect(both.toSorted((one, two) => one.id - two.id)).toMatchObject([
    {
      conclusion: 'failure',
      title: 'Infrastructure: the pod was evicted (EvictionByEvictionAPI), tried again',
    },
    { conclusion: 'success' },
  ]);
  expect(await world.runs(evicted.repository)).toHaveLength(2);
  expect(leads(other)).toBe(true);
}, 60_000);

/** As the API server marks a pod before its node ends it. */
async function evict(pod: string): Promise<void> {
  const { admin, installation } = world;
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: `${new Date().toISOString().slice(0, 19)}Z`,
  };
  await admin.request({
    method: 'PATCH',
    path: pathOf(PODS, installation.namespace, pod, 'status'),
    contentType: 'application/strategic-merge-patch+json',
    body: { status: { conditions: [condition] } },
  });
}
