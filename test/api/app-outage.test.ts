import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { completed } from '../e2e/world.ts';
import { type AppWorld, startAppWorld } from './app-world.ts';
import { type ControlPlane, startControlPlane, until } from './control-plane.ts';
import { findPrograms } from './programs.ts';

let plane: ControlPlane;
let world: AppWorld;

beforeAll(async () => {
  plane = await startControlPlane(findPrograms());
  world = await startAppWorld({ plane: plane.address });
});

afterAll(async () => {
  expect(world?.github.violations).toEqual([]);
  await world?.close();
  await plane?.stop();
});

const OUTAGE_MS = 20_000;
const FILES = { '.tekton-ci.yml': 'use: alpine:3.22\ntest: make\n' };

async function push(name: string) {
  const repository = await world.repository(name);
  const { sha } = await world.github.pushFiles(repository, { files: FILES });
  return { repository, sha };
}

function nameOf({ metadata }: { metadata: { labels: Record<string, string> } }): string | undefined {
  return metadata.labels['tekton-ci.dev/repository'];
}

test('an API server that is gone for 20 s while a run is made, runs and ends makes no difference', async () => {
  const { github, proxy, tekton } = world;
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<number>();
  tekton.run(({ pipelineRun, step }) => {
    if (nameOf(pipelineRun) !== 'acme-running' || step !== 'test') return 0;
    begun.resolve();
    return over.promise;
  });
  const running = await push('running');
  await begun.promise;
  const isLast = (body: unknown) => JSON.stringify(body).includes('"completed"');
  const report = github.hold(({ operation, body }) => operation === 'checks/update' && isLast(body));
  const ending = await push('ending');
  await report.arrived;
  const creation = proxy.hold(({ verb, resource }) => verb === 'create' && resource === 'secrets', {
    afterEffect: false,
  });
  const made = await push('made');
  await creation.arrived;

  await plane.kill();
  creation.release();
  report.release();
  over.resolve(1);
  const late = await push('late');
  await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
  await plane.restart();

  const conclusions = [];
  for (const pushed of [made, running, ending, late]) {
    const checks = await world.checked(pushed, completed, 60);
    conclusions.push(checks.map(({ conclusion }) => conclusion));
    expect(await world.runs(pushed.repository)).toHaveLength(1);
  }
  expect(conclusions).toEqual([['success'], ['failure'], ['success'], ['success']]);
  expect(await world.secrets()).toEqual([]);
}, 120_000);

test('what happened while nothing was heard is learned when the server has forgotten where the watches were', async () => {
  const { proxy, tekton } = world;
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<number>();
  tekton.run(({ step }) => {
    if (step !== 'test') return 0;
    begun.resolve();
    return over.promise;
  });
  const pushed = await push('forgotten');
  await begun.promise;
  const silence = proxy.refuse(({ verb }) => verb === 'watch', { status: 503, reason: 'ServiceUnavailable' });
  proxy.cutWatches();

  over.resolve(2);
  await until(
    async () => (await world.runs(pushed.repository))[0].status.completionTime !== undefined,
    'its end',
  );
  await plane.compact();
  await plane.kill();
  await plane.restart();
  const lists = proxy.requests.filter(({ verb }) => verb === 'list').length;
  silence.stop();

  const [check] = await world.checked(pushed, completed, 60);
  expect(check).toMatchObject({ conclusion: 'failure', title: 'test failed with exit code 2' });
  expect(proxy.requests.filter(({ verb }) => verb === 'list').length).toBeGreaterThan(lists);
}, 120_000);
