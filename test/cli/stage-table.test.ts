import { expect, test } from '@jest/globals';
import { stageTable } from '../../src/cli/stage-table.ts';
import { createRecordingOutput } from './recording-output.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

test('stageTable has a line a step, with its state, its time and the exit code of a failure', () => {
  const table = stageTable(
    [
      { stage: 'clone', state: 'succeeded', exitCode: 0, startedAt: at(0), finishedAt: at(0.5) },
      { stage: 'test', variant: '1.25', state: 'failed', exitCode: 3, startedAt: at(1), finishedAt: at(76) },
      { stage: 'build', state: 'skipped' },
    ],
    createRecordingOutput().out,
  );

  expect(table.split('\n')).toEqual([
    '  clone      ✓ succeeded  0.5 s',
    '  test 1.25  ✗ failed     1 min 15 s  exit code 3',
    '  build      - skipped',
  ]);
});
