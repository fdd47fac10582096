import { describe, expect, test } from '@jest/globals';
import { type EarlierCheck, notGreen } from '../../../src/core/plan/not-green.ts';

const GATE: EarlierCheck = { id: 1, name: 'tekton-ci', conclusion: 'failure' };
const NAMES = ['tekton-ci / api', 'tekton-ci / web'];

function red(...checks: EarlierCheck[]): readonly string[] | null {
  const names = notGreen([GATE, ...checks], 'tekton-ci', NAMES);
  return names === null ? null : [...names];
}

describe('what was not green on the commit before', () => {
  test.each([
    ['success', []],
    ['neutral', []],
    ['skipped', []],
    ['failure', ['tekton-ci / web']],
    ['cancelled', ['tekton-ci / web']],
    ['timed_out', ['tekton-ci / web']],
    ['action_required', ['tekton-ci / web']],
    ['stale', ['tekton-ci / web']],
    [null, ['tekton-ci / web']],
  ])('a check that ended as %s', (conclusion, names) => {
    expect(red({ id: 2, name: 'tekton-ci / web', conclusion })).toEqual(names);
  });

  test('the newest attempt counts, in whatever order GitHub lists them', () => {
    const older = { id: 2, name: 'tekton-ci / web', conclusion: 'failure' };
    const newer = { id: 3, name: 'tekton-ci / web', conclusion: 'success' };

    expect(red(older, newer)).toEqual([]);
    expect(red(newer, older)).toEqual([]);
    expect(red({ ...older, id: 9 }, newer)).toEqual(['tekton-ci / web']);
  });

  test('a project without a check beside a gate was skipped there', () => {
    expect(red()).toEqual([]);
  });

  test("checks of others, and of a tag on the same commit, don't matter", () => {
    expect(
      red(
        { id: 2, name: 'lint', conclusion: 'failure' },
        { id: 3, name: 'tekton-ci / web (tag v1)', conclusion: 'failure' },
      ),
    ).toEqual([]);
  });

  test('without a gate nothing is known', () => {
    expect(notGreen([], 'tekton-ci', NAMES)).toBeNull();
    expect(
      notGreen([{ id: 1, name: 'tekton-ci / web', conclusion: 'success' }], 'tekton-ci', NAMES),
    ).toBeNull();
  });
});
