import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeRun, simpleRun, smallDisk, startEngine, step, task } from './fixture.ts';

// In a mount namespace, so that the trial leaves nothing.
const trial = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]);
const small = trial.status === 0 ? test : test.skip;

small('a full disk refuses a run, which comes through when there is room again', async () => {
  const directory = await smallDisk();
  const { engine, observer } = await startEngine({ directory });
  const filler = join(directory, 'filler');
  await writeFile(filler, Buffer.alloc(300_000)).catch(() => {});

  await expect(engine.submit(simpleRun({ test: 'true' }), {})).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(observer.seen).toEqual([]);

  await writeFile(filler, '');
  await engine.submit(simpleRun({ test: 'true' }), {});
  expect((await observer.done('a-run')).verdict).toBe('succeeded');
});

small('a disk that a run fills ends that run, and the next one has room', async () => {
  const directory = await smallDisk();
  const { engine, observer } = await startEngine({ directory });
  const fill = step('test', 'cat /dev/zero > filler', { onError: 'continue' });

  await engine.submit(makeRun({ tasks: [task('ci', [fill, step('build', 'true')])] }), {});
  const done = await observer.done('a-run');
  await engine.submit(simpleRun({ test: 'true' }, 'next'), {});

  expect(done).toMatchObject({
    verdict: 'infrastructure',
    cause: { kind: 'infrastructure', reason: 'ENOSPC', retry: false },
  });
  expect((await observer.done('next')).verdict).toBe('succeeded');
});
