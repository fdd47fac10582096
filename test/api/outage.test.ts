import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ControlPlane, kubeConfigFor, startControlPlane, until } from './control-plane.ts';
import { findPrograms } from './programs.ts';
import { createWire, type Wire } from './wire.ts';
import { CREDENTIALS, createWorld, runOf, type Watched, type World, watchEngine } from './world.ts';

let plane: ControlPlane;
let wire: Wire;
let world: World;
let watched: Watched;

beforeAll(async () => {
  plane = await startControlPlane(findPrograms());
  wire = await createWire(plane.address.port);
  world = await createWorld(plane.address);
  watched = await watchEngine(world.engine({ kubeConfig: kubeConfigFor(wire, 'tekton-ci') }));
  await until(watched.listed, 'everything to be listed');
});

afterAll(async () => {
  await plane?.stop();
  await watched?.stop();
  await wire?.close();
});

test('no change is lost when the API server dies and comes back', async () => {
  const admin = world.engine();
  const run = runOf('with-build', world.namespace);
  await admin.submit(run, CREDENTIALS);
  await watched.when(run.name, ({ status }) => status.phase === 'pending');

  await plane.kill();
  await expect(admin.release(run.name)).rejects.toThrow();
  await plane.restart();
  await admin.release(run.name);

  await watched.when(run.name, ({ status }) => status.phase === 'starting');
});

test('no change is lost when the server has forgotten where the watch was', async () => {
  const admin = world.engine();
  const [gone, changed, made] = ['gone', 'changed', 'made'].map((name) =>
    runOf('with-build', world.namespace, name),
  );
  await admin.submit(gone!, CREDENTIALS);
  await admin.submit(changed!, CREDENTIALS);
  await watched.when('changed', ({ status }) => status.phase === 'pending');
  await watched.when('gone', ({ status }) => status.phase === 'pending');

  wire.block();
  await admin.remove('gone');
  await admin.release('changed');
  await admin.submit(made!, CREDENTIALS);
  await plane.compact();
  await plane.kill();
  await plane.restart();
  wire.open();

  await watched.when('changed', ({ status }) => status.phase === 'starting');
  await watched.when('made', ({ status }) => status.phase === 'pending');
  const { status } = await watched.when('gone', ({ status: { phase } }) => phase === 'done');
  expect(status).toMatchObject({ verdict: 'cancelled' });
  expect(watched.listings()).toBe(1);
  const interruptions = JSON.stringify(
    world.log.lines.map(({ fields }) => ('err' in fields ? String(fields.err) : '')),
  );
  expect(interruptions).toMatch(/410 (Expired|Gone)/);
});
