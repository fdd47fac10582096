import { describe, expect, test } from '@jest/globals';
import { historyOf } from '../../../src/app/checks/past-runs.ts';
import { createRunIndex, type KnownRun } from '../../../src/app/runs/run-index.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import type { RunStatus, Verdict } from '../../../src/core/pipeline/run-status.ts';
import type { Finding } from '../../../src/core/report/failures/finding.ts';
import { observedRun, type RunFacts } from '../fakes/known-runs.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

function ended(verdict: Verdict): RunStatus {
  return { phase: 'done', verdict, steps: [], results: {}, finishedAt: new Date(60_000) };
}

interface Earlier extends RunFacts {
  readonly at: number;
  readonly failed?: readonly string[];
}

/** What is told of a run that fails with `TestB` after these. */
function told(...earlier: readonly Earlier[]): string {
  const index = createRunIndex();
  for (const { at, failed, ...facts } of earlier) {
    const run = observedRun(facts);
    const annotations = {
      ...run.annotations,
      ...(failed && { [ANNOTATION.failed]: JSON.stringify(failed) }),
    };
    index.put({ ...run, annotations, createdAt: new Date(at) });
  }
  const now = observedRun({ key: { sha: B }, status: ended('failed') });
  const run = index.put({ ...now, createdAt: new Date(100) }) as KnownRun;
  const finding: Finding = {
    kind: 'test',
    level: 'failure',
    name: 'TestB',
    message: '',
    place: null,
    line: 1,
  };
  return historyOf(index, run, [finding, { ...finding, level: 'warning', name: 'W' }]);
}

describe('a run is held against the one before it', () => {
  const green = { key: { sha: A }, status: ended('succeeded'), at: 50 } as const;

  test.each<[string, readonly Earlier[], string]>([
    ['of its branch', [green], 'Newly failing since aaaaaaa: TestB'],
    [
      'that failed alike: nothing is new',
      [{ ...green, status: ended('failed'), failed: ['TestB'], at: 50 }],
      '',
    ],
    ['of its branch, not of another', [{ ...green, notes: { ref: { kind: 'branch', name: 'main' } } }], ''],
    ['of its project, not of another', [{ ...green, key: { sha: A, project: 'web' } }], ''],
    ['that is older, not one that came later', [{ ...green, at: 200 }], ''],
    ['that says something, not one that was cancelled', [{ ...green, status: ended('cancelled') }], ''],
    ['that has ended', [{ ...green, status: { phase: 'pending', ahead: 0 } }], ''],
    [
      'that is the newest of them',
      [green, { key: { sha: 'c'.repeat(40) }, status: ended('failed'), failed: ['TestA', 'TestB'], at: 60 }],
      'Fixed since ccccccc: TestA\n\nLast green: aaaaaaa, 2 runs ago; red since ccccccc',
    ],
  ])('%s', (_what, earlier, expected) => {
    expect(told(...earlier)).toBe(expected);
  });
});
