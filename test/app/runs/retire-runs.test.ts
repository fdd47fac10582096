import { beforeEach, describe, expect, test } from '@jest/globals';
import { noteAnnotations, type RunNotes } from '../../../src/app/runs/run-notes.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import { keyText } from '../../../src/core/pipeline/names.ts';
import { REPOSITORY, runKey, SHA } from '../../core/plan/examples.ts';
import { createWorld, startProcess, type World } from '../fakes/world.ts';

const DAY = 24 * 3600;
const REPORTED = { 'tekton-ci.dev/check': JSON.stringify({ id: 1, status: 'completed' }) };

let world: World;

beforeEach(() => {
  world = createWorld();
});

interface Ended {
  readonly daysAgo: number;
  readonly notes?: Partial<RunNotes>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function ended(name: string, { daysAgo, notes, annotations = REPORTED }: Ended): void {
  const finishedAt = new Date(world.clock.now().getTime() - daysAgo * DAY * 1000);
  world.engine.add({
    name,
    createdAt: finishedAt,
    status: { phase: 'done', verdict: 'succeeded', steps: [], results: {}, finishedAt },
    annotations: {
      [ANNOTATION.key]: keyText(runKey({ project: name })),
      ...annotations,
      ...noteAnnotations({
        repository: REPOSITORY,
        sha: SHA,
        ref: { kind: 'branch', name: 'main' },
        author: null,
        project: '.',
        attempt: 1,
        checkName: 'tekton-ci',
        purpose: 'publish',
        trust: 'trusted',
        receivedAt: finishedAt.toISOString(),
        pushedAt: finishedAt.toISOString(),
        before: null,
        targets: [],
        decisions: [],
        gate: null,
        ...notes,
      }),
    },
  });
}

async function removed(): Promise<string[]> {
  const { stop, follower } = await startProcess(world, { keep: { perProject: 2, for: 30 * DAY } });
  await stop();
  expect([...follower.runs.all()].map(({ name }) => name)).toEqual([...world.engine.runs.keys()]);
  for (const name of world.logStore.removed.filter((removed) => removed.startsWith('gate')))
    expect(follower.gate(name)).toBeNull();
  return world.engine.calls.flatMap((call) => (call.startsWith('remove ') ? call.slice(7) : []));
}

describe('a finished run is removed', () => {
  test('beyond the number that is kept of its project, the oldest first', async () => {
    for (const daysAgo of [8, 9, 10, 11]) ended(`d${daysAgo}`, { daysAgo });
    ended('other', { daysAgo: 12, notes: { project: 'web' } });

    expect(await removed()).toEqual(['d10', 'd11']);
    expect(world.logStore.removed).toEqual(['d10', 'd11']);
  });

  test('when it is too old, however few there are', async () => {
    ended('old', { daysAgo: 31 });
    ended('young', { daysAgo: 29 });

    expect(await removed()).toEqual(['old']);
  });

  test('never within seven days', async () => {
    for (const daysAgo of [1, 2, 3, 4, 5, 6]) ended(`d${daysAgo}`, { daysAgo });

    expect(await removed()).toEqual([]);
  });

  test('never before its check is completed at GitHub', async () => {
    ended('unreported', {
      daysAgo: 31,
      annotations: { 'tekton-ci.dev/check': '{"id":1,"status":"in_progress"}' },
    });

    expect(await removed()).toEqual([]);
  });

  test('with all of its gate, and not before the gate is completed', async () => {
    const gate = (keeper: string, other: string) => ({
      checkName: 'tekton-ci',
      externalId: `gate-${keeper}`,
      attempt: 1,
      keeper,
      members: [
        { project: 'api', run: keeper },
        { project: 'web', run: other },
      ],
    });
    const whole = gate('api1', 'web1');
    const completed = { ...REPORTED, 'tekton-ci.dev/gate': '{"id":2,"status":"completed"}' };
    ended('api1', { daysAgo: 31, notes: { project: 'api', gate: whole }, annotations: completed });
    ended('web1', { daysAgo: 31, notes: { project: 'web', gate: whole } });
    const half = gate('api2', 'web2');
    ended('api2', { daysAgo: 31, notes: { project: 'api', gate: half }, annotations: completed });
    ended('web2', { daysAgo: 29, notes: { project: 'web', gate: half } });

    expect((await removed()).sort()).toEqual(['api1', 'web1']);
    expect(world.logStore.removed).toContain('gate-api1');
  });

  test('not while a later attempt of their gate, which took over their verdict, is kept', async () => {
    const gate = (attempt: number, web: string) => ({
      checkName: 'tekton-ci',
      externalId: `gate-${attempt}`,
      attempt,
      keeper: web,
      members: [
        { project: 'api', run: 'api1' },
        { project: 'web', run: web },
      ],
    });
    ended('api1', { daysAgo: 31, notes: { project: 'api', gate: gate(1, 'web1') } });
    const completed = { ...REPORTED, 'tekton-ci.dev/gate': '{"id":2,"status":"completed"}' };
    ended('web1', {
      daysAgo: 31,
      notes: { project: 'web', gate: gate(1, 'web1') },
      annotations: completed,
    });
    ended('web2', { daysAgo: 29, notes: { project: 'web', gate: gate(2, 'web2') } });

    expect(await removed()).toEqual([]);
  });

  test('but not the newest of a deploy target: an older commit is held against it', async () => {
    const notes = { targets: [{ to: 'production', approve: false }] };
    ended('old', { daysAgo: 90, notes: { ...notes, sha: 'a'.repeat(40) } });
    ended('newest', { daysAgo: 60, notes });

    expect(await removed()).toEqual(['old']);
  });

  test('another time when it could not be', async () => {
    ended('old', { daysAgo: 31 });
    world.logStore.failNext('remove', new Error('disk'));

    expect(await removed()).toEqual([]);
    expect(world.log.messages('warn')).toContain('run not removed');
  });
});
