import { describe, expect, test } from '@jest/globals';
import { describeRun } from '../../../src/app/runs/describe-run.ts';
import { createRunIndex, type KnownRun } from '../../../src/app/runs/run-index.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import { keyText, runName } from '../../../src/core/pipeline/names.ts';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import type { PushEvent } from '../../../src/core/plan/event.ts';
import { pushEvent, SHA } from '../../core/plan/examples.ts';
import { done } from '../../core/report/examples.ts';
import { startPush } from '../fakes/start-push.ts';
import { createWorld } from '../fakes/world.ts';

async function knownRun(status: RunStatus | null, change: Partial<PushEvent> = {}): Promise<KnownRun> {
  const world = createWorld();
  world.repositories.commit(SHA, { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' }, 'feat: answer faster');
  await startPush(world, pushEvent(change));
  const [run] = world.engine.runs.values();
  return createRunIndex().put({ ...run!, ...(status === null ? {} : { status }) })!;
}

describe('a run as people look at it', () => {
  test('when it has not begun shows its steps as waiting', async () => {
    const run = await knownRun(null);

    expect(describeRun(run, createRunIndex())).toEqual({
      name: run.name,
      repository: 'acme/api',
      sha: SHA,
      ref: 'main',
      project: 'api',
      checkName: 'tekton-ci',
      title: 'Queued',
      state: 'queued',
      attempt: 1,
      attempts: [],
      trigger: 'feat: answer faster',
      steps: [
        { ref: { stage: 'clone' }, label: 'clone', state: 'waiting' },
        { ref: { stage: 'test' }, label: 'test', state: 'waiting' },
      ],
      decisions: run.notes.decisions,
      commitUrl: `https://github.com/acme/api/commit/${SHA}`,
    });
  });

  test('when it has ended shows times and exit codes', async () => {
    const status = done({
      steps: [{ stage: 'test', variant: '1.25', state: 'failed', exitCode: 3, startedAt: new Date(5) }],
      verdict: 'failed',
    });

    expect(describeRun(await knownRun(status), createRunIndex())).toMatchObject({
      title: 'Failed',
      state: 'failure',
      startedAt: new Date(5),
      finishedAt: status.finishedAt,
      steps: [
        {
          ref: { stage: 'test', variant: '1.25' },
          label: 'test 1.25',
          state: 'failed',
          exitCode: 3,
          startedAt: new Date(5),
        },
      ],
    });
  });

  test('while it goes on is in progress', async () => {
    const status: RunStatus = { phase: 'running', steps: [{ stage: 'clone', state: 'running' }], turns: [] };

    expect(describeRun(await knownRun(status), createRunIndex())).toMatchObject({ state: 'in_progress' });
  });

  test('names all attempts at the same, each with its state, and no other run', async () => {
    const status = done({ steps: [], verdict: 'failed' });
    const first = await knownRun(status);
    const runs = createRunIndex();
    const put = (change: Partial<KnownRun['key']>, of: RunStatus) => {
      const key = { ...first.key, ...change };
      const annotations = { ...first.annotations, [ANNOTATION.key]: keyText(key) };
      return runs.put({ ...first, name: runName('api', key), annotations, status: of })!;
    };
    const second = put({ attempt: 2 }, { phase: 'running', steps: [], turns: [] });
    put({}, status);
    put({ purpose: 'verify', attempt: 3 }, status);

    expect(describeRun(second, runs).attempts).toEqual([
      { attempt: 1, name: first.name, state: 'failure' },
      { attempt: 2, name: second.name, state: 'in_progress' },
    ]);
  });

  test('of a tag names the tag', async () => {
    const change = { ref: { kind: 'tag', name: 'v1' } } as const;

    expect(describeRun(await knownRun(null, change), createRunIndex())).toMatchObject({
      ref: 'tag v1',
      checkName: 'tekton-ci (tag v1)',
    });
  });
});
