import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createRunFailures } from '../../../src/app/checks/run-failures.ts';
import type { RunNotes } from '../../../src/app/runs/run-notes.ts';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import { indexAround } from '../fakes/known-runs.ts';
import { createWorld } from '../fakes/world.ts';

const LOG = new URL('../../cases/failures/kaniko/unknown-instruction/log.txt', import.meta.url);

const FAILED: RunStatus = {
  phase: 'done',
  verdict: 'failed',
  cause: { kind: 'step', step: { stage: 'image' }, exitCode: 1 },
  steps: [{ stage: 'image', state: 'failed', exitCode: 1 }],
  results: {},
  finishedAt: new Date(0),
};

async function placesOf(notes: Partial<RunNotes>): Promise<readonly string[]> {
  const world = createWorld();
  const { runs, run } = indexAround({ notes, status: FAILED }, []);
  await world.logStore.append(run.name, { stage: 'image' }, { at: new Date(0), bytes: readFileSync(LOG) });
  const asked: string[] = [];
  const repositories = {
    async lineCounts(_repository: unknown, _sha: string, paths: readonly string[]) {
      asked.push(...paths);
      return new Map(paths.map((path) => [path, 100]));
    },
  };
  const told = await createRunFailures({ ...world, runs, repositories }).of(run);
  expect(told?.annotations.map(({ path }) => path)).toEqual([asked[0]]);
  return asked;
}

test('what kaniko says of the Dockerfile is told of the file that the config names', async () => {
  expect((await placesOf({ folder: 'api', dockerfile: 'build/app.Dockerfile' }))[0]).toBe(
    'api/build/app.Dockerfile',
  );
  expect((await placesOf({ folder: 'api' }))[0]).toBe('api/Dockerfile');
});
