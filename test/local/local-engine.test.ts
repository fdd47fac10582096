import { describe, expect, test } from '@jest/globals';
import { readLog, simpleRun, startEngine } from './fixture.ts';

describe('a run of the local engine', () => {
  test('is pending first, then runs its steps in order, then is done', async () => {
    const { engine, observer } = await startEngine();

    await engine.submit(simpleRun({ clone: 'echo cloned', test: 'echo tested', build: 'echo built' }), {});
    const done = await observer.done('a-run');

    expect(observer.statuses('a-run')[0]).toEqual({ phase: 'pending', ahead: 0 });
    expect(observer.statuses('a-run')[1]).toMatchObject({ phase: 'starting' });
    expect(done.verdict).toBe('succeeded');
    expect(done.steps.map(({ stage, state, exitCode }) => [stage, state, exitCode])).toEqual([
      ['clone', 'succeeded', 0],
      ['test', 'succeeded', 0],
      ['build', 'succeeded', 0],
    ]);
    expect(await readLog(engine, 'a-run', { stage: 'test' })).toBe(
      'tekton-ci: running on this machine; the image golang:1.25 is not used\ntested\n',
    );
  });
});
