import { expect, test } from '@jest/globals';
import { createTurnAnswerer } from '../../../src/app/runs/answer-turns.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { indexOf, type RunFacts } from '../fakes/known-runs.ts';
import { createRecordingLog } from '../fakes/recording-log.ts';

/** A publish run that waits for its turn at a target of its own. */
function waitsFor(target: string): RunFacts {
  const sha = target.repeat(40);
  return {
    key: { purpose: 'publish', sha },
    notes: { targets: [{ to: target, approve: false }] },
    status: { phase: 'running', steps: [], turns: [{ target, since: new Date(0) }] },
  };
}

/** How often a turn is tried within half a minute, while nothing can be answered. */
async function tries(targets: readonly string[], looks: number): Promise<number> {
  const clock = createFakeClock();
  let tried = 0;
  const answerer = createTurnAnswerer(
    {
      engine: { async answer() {}, async annotate() {} },
      runs: indexOf(targets.map(waitsFor)),
      clock,
      log: createRecordingLog(),
      async prepare() {
        tried += 1;
        throw new Error('GitHub answered 404: Not Found');
      },
      onWait() {},
    },
    new AbortController().signal,
  );
  for (let look = 0; look < looks; look += 1) {
    answerer.look();
    await clock.advance(1);
  }
  await clock.advance(30 - looks);
  return tried;
}

test('a turn that cannot be answered is tried again after five seconds, then ten, then twenty', async () => {
  expect(await tries(['a'], 1)).toBe(3);
});

test('two turns that cannot be answered are tried no more often each', async () => {
  expect(await tries(['a', 'b'], 1)).toBe(6);
});

test('a turn is tried no more often because runs come and go meanwhile', async () => {
  expect(await tries(['a'], 5)).toBe(3);
});
