import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import { type CommitPlan, decisionsOf } from '../../../src/core/plan/commit-plan.ts';
import { plannedRun } from './examples.ts';

const INVALID = parseConfig('tset: 1\ntimeout: soon\n');
const problems = INVALID.ok ? [] : INVALID.problems;
const SKIPPED = { runs: false, name: 'web', reason: 'skipped: no file under web/ changed' } as const;

test.each<[string, CommitPlan, unknown]>([
  [
    'nothing',
    { kind: 'nothing', reason: 'the commit has no .tekton-ci.yml' },
    [null, ['nothing: the commit has no .tekton-ci.yml']],
  ],
  ['no config', { kind: 'unconfigured', advice: 'Merge main.' }, [null, ['the check fails: Merge main.']]],
  [
    'an invalid config',
    { kind: 'invalid', problems, elsewhere: null },
    [
      null,
      [expect.stringMatching(/^the check fails: \.tekton-ci\.yml:1:1: /), expect.stringContaining(':2:')],
    ],
  ],
  [
    'a mark',
    { kind: 'skipped', reason: "the commit's message says [skip ci]" },
    [null, ["skipped: the commit's message says [skip ci]"]],
  ],
  ['nothing to test', { kind: 'skipped', reason: 'skipped: test is off' }, [null, ['skipped: test is off']]],
])('the decisions of a plan that is %s', (_, planned, expected) => {
  expect(decisionsOf(planned).map(({ project, decisions }) => [project, decisions])).toEqual([expected]);
});

test('the decisions of several projects are told of each', () => {
  const run = { ...plannedRun(), name: 'api' };
  const plan = { gated: true, projects: [run, SKIPPED] };

  expect(decisionsOf({ kind: 'runs', plan, title: '' })).toEqual([
    { project: 'api', decisions: run.decisions },
    { project: 'web', decisions: [SKIPPED.reason] },
  ]);
});

test('the decisions of a repository that is one project are told of the commit', () => {
  const run = plannedRun();

  expect(decisionsOf({ kind: 'runs', plan: { gated: false, projects: [run] }, title: '' })).toEqual([
    { project: null, decisions: run.decisions },
  ]);
});
