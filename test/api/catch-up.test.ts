import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kubeConfigFor, until } from './control-plane.ts';
import { createWire, type Wire } from './wire.ts';
import {
  CREDENTIALS,
  createWorld,
  runOf,
  sharedPlane,
  type Watched,
  type World,
  watchEngine,
} from './world.ts';

let wire: Wire;
let world: World;
let watched: Watched;

beforeAll(async () => {
  wire = await createWire(sharedPlane().port);
  world = await createWorld();
});

afterAll(async () => {
  await watched?.stop();
  await wire?.close();
});

const signal = () => AbortSignal.timeout(20_000);

test('an engine whose watch is dead without having said so catches up by listing, and tells only what changed', async () => {
  const engine = world.engine({ kubeConfig: kubeConfigFor(wire, 'tekton-ci'), requestTimeoutMs: 500 });
  const admin = world.engine();
  const [same, changed, made] = ['same', 'changed', 'made'].map((name) =>
    runOf('with-build', world.namespace, name),
  );
  await admin.submit(same!, CREDENTIALS);
  await admin.submit(changed!, CREDENTIALS);
  watched = await watchEngine(engine);
  await until(watched.listed, 'everything to be listed');
  wire.freeze();
  await admin.release('changed');
  await admin.submit(made!, CREDENTIALS);

  await engine.catchUp(signal());

  expect(watched.last('changed')?.status.phase).toBe('starting');
  expect(watched.last('made')?.status.phase).toBe('pending');
  expect(watched.told.filter(({ name }) => name === 'same')).toHaveLength(1);
  expect(watched.listings()).toBe(1);
  await admin.release('same');
  await watched.when('same', ({ status }) => status.phase === 'starting');
});

test('an engine that cannot reach its server catches up until the signal ends that', async () => {
  const far = await createWire(sharedPlane().port);
  far.block();
  const engine = world.engine({ kubeConfig: kubeConfigFor(far, 'tekton-ci') });
  const unlisted = await watchEngine(engine);
  const controller = new AbortController();
  let isCaughtUp = false;
  const catchingUp = engine.catchUp(controller.signal).then(() => {
    isCaughtUp = true;
  });
  await until(() => far.connections() > 4, 'the engine to try');
  expect(isCaughtUp).toBe(false);

  controller.abort();

  await expect(catchingUp).resolves.toBeUndefined();
  await unlisted.stop();
  await far.close();
});
