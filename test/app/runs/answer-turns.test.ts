import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ObservedRun } from '../../../src/app/ports.ts';
import { noteAnnotations, type RunNotes } from '../../../src/app/runs/run-notes.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import { keyText } from '../../../src/core/pipeline/names.ts';
import type { RunStatus, StepState } from '../../../src/core/pipeline/run-status.ts';
import { REPOSITORY, runKey } from '../../core/plan/examples.ts';
import { settled } from '../fakes/fake-clock.ts';
import { createWorld, type Process, startProcess, type World } from '../fakes/world.ts';

let world: World;
let process: Process;

beforeEach(async () => {
  world = createWorld();
  process = await startProcess(world);
});

interface Deploy {
  /** Seconds after the first push. */
  readonly at: number;
  readonly notes?: Partial<RunNotes>;
  readonly status?: RunStatus;
}

/** A run named by its commit's first letter that was planned to deploy to staging. */
async function run(name: string, { at, notes, status = waiting() }: Deploy): Promise<void> {
  const sha = (notes?.sha ?? name).padEnd(40, '0');
  const pushedAt = new Date(Date.UTC(2026, 10, 23, 11) + at * 1000).toISOString();
  const run: ObservedRun = {
    name,
    createdAt: world.clock.now(),
    status,
    annotations: {
      [ANNOTATION.key]: keyText(runKey({ sha })),
      ...noteAnnotations({
        repository: REPOSITORY,
        ref: { kind: 'branch', name: 'main' },
        author: null,
        project: '.',
        attempt: 1,
        checkName: 'tekton-ci',
        purpose: 'publish',
        trust: 'trusted',
        receivedAt: pushedAt,
        pushedAt,
        before: null,
        targets: [{ to: 'staging', approve: false }],
        decisions: [],
        gate: null,
        ...notes,
        sha,
      }),
    },
  };
  world.engine.add(run);
  await settled();
}

function waiting(target = 'staging'): RunStatus {
  return {
    phase: 'running',
    steps: [{ stage: 'deploy', variant: target, state: 'waiting' }],
    turns: [{ target, since: new Date(0) }],
  };
}

function deploying(state: StepState): RunStatus {
  return { phase: 'running', steps: [{ stage: 'deploy', variant: 'staging', state }], turns: [] };
}

function done(): RunStatus {
  const finishedAt = world.clock.now();
  return { phase: 'done', verdict: 'succeeded', steps: [], results: {}, finishedAt };
}

async function set(name: string, status: RunStatus): Promise<void> {
  world.engine.set(name, status);
  await settled();
}

const answers = () => world.engine.calls.filter((call) => call.startsWith('answer'));

describe('a turn', () => {
  test('is given when the target is free', async () => {
    await run('a', { at: 0 });

    expect(answers()).toEqual(['answer a staging: yes']);
  });

  test('is refused when a newer commit is planned for the target, whatever became of that', async () => {
    await run('b', { at: 60, status: done() });
    await run('a', { at: 0 });

    expect(answers()).toEqual(['answer a staging: a newer commit, b000000, is planned for staging']);
  });

  test('is refused to an older commit after a restart too', async () => {
    await run('b', { at: 60, status: done() });
    await process.stop();
    process = await startProcess(world);

    await run('a', { at: 0, notes: { attempt: 2 } });

    expect(answers()).toEqual(['answer a staging: a newer commit, b000000, is planned for staging']);
  });

  test('is waited for while the target is taken, and the check says by what', async () => {
    await run('a', { at: 0 });
    await set('a', deploying('running'));
    await run('b', { at: 60 });
    expect(answers()).toEqual(['answer a staging: yes']);
    expect(world.checks.stored.map(({ output }) => output.title)).toContain(
      'Waiting for staging: a000000 is being deployed',
    );

    await set('a', done());

    expect(answers()).toEqual(['answer a staging: yes', 'answer b staging: yes']);
  });

  test('is waited for when a crash came between the yes and its answer', async () => {
    await run('a', { at: 0 });
    await process.stop();
    process = await startProcess(world);
    await run('b', { at: 60 });

    // The same answer again, and nobody else before that deploy has ended.
    expect(answers()).toEqual(['answer a staging: yes', 'answer a staging: yes']);
  });

  test('goes to the newest of those that wait, and the others are refused', async () => {
    await process.stop();
    await run('a', { at: 0 });
    await run('c', { at: 120 });
    await run('b', { at: 60 });
    process = await startProcess(world);
    await settled();

    expect(answers()).toEqual([
      'answer c staging: yes',
      'answer b staging: a newer commit, c000000, is planned for staging',
      'answer a staging: a newer commit, c000000, is planned for staging',
    ]);
  });

  test('is of one target of one project of one repository', async () => {
    await run('b', { at: 60, notes: { project: 'web' } });
    await run('c', { at: 60, notes: { repository: { ...REPOSITORY, id: 43 } } });
    await run('d', {
      at: 60,
      notes: { targets: [{ to: 'production', approve: false }] },
      status: waiting('production'),
    });
    await run('a', { at: 0 });

    expect(answers()).toEqual([
      'answer b staging: yes',
      'answer c staging: yes',
      'answer d production: yes',
      'answer a staging: yes',
    ]);
  });

  test('of a later attempt of the newest commit is given', async () => {
    await run('a', { at: 0, status: done() });
    await run('a2', { at: 0, notes: { sha: 'a', attempt: 2 } });

    expect(answers()).toEqual(['answer a2 staging: yes']);
  });

  test('within one second goes by what a push began with', async () => {
    await run('b', { at: 0, status: done(), notes: { before: 'a'.padEnd(40, '0') } });
    await run('a', { at: 0 });

    expect(answers()).toEqual(['answer a staging: a newer commit, b000000, is planned for staging']);
  });

  test('that needs an approval waits for it, and the check says so', async () => {
    await run('a', { at: 0, notes: { targets: [{ to: 'staging', approve: true }] } });

    expect(answers()).toEqual([]);
    expect(world.checks.stored[0]?.output.title).toBe('Waiting for approval of staging');
  });

  test('is given after its git token was renewed', async () => {
    await run('a', { at: 0 });

    expect(world.engine.calls).toEqual(['renew a', 'answer a staging: yes']);
  });

  test('that could not be answered is answered later', async () => {
    world.engine.failNext('renew', new Error('502'));
    await run('a', { at: 0 });

    await world.clock.advance(10);

    expect(world.log.messages('warn')).toContain('turn not answered, will try again');

    expect(answers()).toEqual(['answer a staging: yes']);
  });
});
