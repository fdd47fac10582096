import { beforeEach, describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../../core/plan/examples.ts';
import { createEventWorld, type EventWorld } from '../../events/event-world.ts';
import type { Given } from '../../events/github-state.ts';
import { shaOf } from '../../events/letters.ts';
import { keyWords } from '../../events/outcome.ts';
import { createPlayer } from '../../events/play.ts';

const MONOREPO: Given = {
  config: { node: 24, test: 'npm test', projects: { api: { path: 'api' }, web: { path: 'web' } } },
};

let world: EventWorld;
let play: (lines: readonly string[]) => Promise<void>;

beforeEach(async () => {
  world = await createEventWorld(MONOREPO);
  play = createPlayer(world);
});

function runs(): readonly string[] {
  return world.runs().map(keyWords);
}

function gates(): readonly string[] {
  return world.checks
    .named('tekton-ci')
    .map(({ status, conclusion, output }) => `${conclusion ?? status}: ${output.title}`);
}

describe('a crash between the runs of a gate', () => {
  test('of a first attempt is mended by the next delivery', async () => {
    world.engine.failNext('submit', new Error('disk full'), 1);
    await expect(play(['queue asks A'])).rejects.toThrow('disk full');
    expect(runs()).toEqual(['verify api of A']);

    await play(['again: queue asks A', 'all runs succeed']);

    expect(runs()).toEqual(['verify api of A', 'verify web of A']);
    expect(gates()).toEqual(['success: 2 projects succeeded']);
  });

  test('of a re-run is mended by the next delivery', async () => {
    await play(['queue asks A', 'run of A fails']);
    world.engine.failNext('submit', new Error('disk full'), 1);
    await expect(play(['re-run tekton-ci of A'])).rejects.toThrow('disk full');

    await play(['again: re-run tekton-ci of A', 'all runs succeed']);

    expect(runs().slice(2)).toEqual(['verify api of A, attempt 2', 'verify web of A, attempt 2']);
    expect(gates().at(-1)).toBe('success: 2 projects succeeded');
    expect(world.shown().every(({ status }) => status === 'completed')).toBe(true);
  });
});

describe('projects that are run again one after the other', () => {
  test('each get a gate with the newest attempt of every project', async () => {
    await play(['queue asks A', 'run of A fails', 're-run tekton-ci / web of A', 'run of web of A succeeds']);
    expect(gates().at(-1)).toBe('failure: 1 of 2 not green: api');

    await play(['re-run tekton-ci / api of A', 'run of api of A succeeds']);

    expect(runs().slice(2)).toEqual(['verify web of A, attempt 2', 'verify api of A, attempt 2']);
    expect(gates()).toEqual([
      'failure: 2 of 2 not green: api, web',
      'failure: 1 of 2 not green: api',
      'success: 2 projects succeeded',
    ]);
  });

  test('before the engine tells of either, are green once both are', async () => {
    await play(['queue asks A', 'run of A fails']);
    const tell = world.engine.withhold();
    await play(['re-run tekton-ci / web of A', 're-run tekton-ci / api of A']);
    tell();

    await play(['all runs succeed']);

    expect(runs().slice(2)).toEqual(['verify web of A, attempt 2', 'verify api of A, attempt 2']);
    expect(gates().slice(1)).toEqual(['success: 2 projects succeeded', 'success: 2 projects succeeded']);
  });

  test('while the first gate goes on, are told of by it too', async () => {
    await play(['queue asks A', 'run of web of A fails', 're-run tekton-ci / web of A']);

    await play(['run of web of A succeeds', 'run of api of A succeeds']);

    expect(gates()).toEqual(['success: 2 projects succeeded', 'success: 2 projects succeeded']);
  });

  test('do not wait for one that was never known', async () => {
    await play(['queue asks A', 'run of A fails']);

    await world.deliver({
      kind: 'rerun',
      deliveryId: 'delivery-x',
      repository: REPOSITORY,
      sender: world.state.person('octo'),
      check: { id: 99, name: 'tekton-ci', externalId: 'gate-of-somebody', completed: true },
      sha: shaOf('A'),
      branch: null,
    });

    expect(runs()).toHaveLength(2);
  });
});

test('a button of something else does nothing', async () => {
  await play(['queue asks A', 'run of A fails']);

  for (const button of ['', 'approve-', 'approve-0', 'approve-1e3', 'approve-99', 'rerun-failed-12']) {
    await world.deliver({
      kind: 'button',
      deliveryId: `delivery-${button}`,
      repository: REPOSITORY,
      sender: world.state.person('octo'),
      button,
      check: { id: 1, name: 'tekton-ci', externalId: '', completed: true },
      sha: shaOf('A'),
    });
  }

  expect(runs()).toHaveLength(2);
  expect(world.requests.filter((request) => request.startsWith('read #'))).toEqual([
    'read #99 and what octo may, and A',
  ]);
});
