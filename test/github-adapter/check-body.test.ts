import { describe, expect, test } from '@jest/globals';
import type { Annotation, Check } from '../../src/core/report/check.ts';
import { furtherAnnotationBodies, identityBody, stateBody } from '../../src/github/check-body.ts';

const base: Check = {
  name: 'tekton-ci',
  headSha: 'a'.repeat(40),
  externalId: 'gate-1',
  detailsUrl: 'https://ci.example.com/runs/gate-1',
  status: 'in_progress',
  output: { title: 'Running', summary: 'A table', annotations: [] },
};

const at = new Date('2026-11-23T10:00:00.999Z');

test('identity is name, commit and external id', () => {
  expect(identityBody(base)).toEqual({ name: 'tekton-ci', head_sha: 'a'.repeat(40), external_id: 'gate-1' });
});

describe('state', () => {
  test.each<[string, Partial<Check>, object]>([
    ['queued', { status: 'queued' }, { status: 'queued' }],
    ['started', { startedAt: at }, { status: 'in_progress', started_at: '2026-11-23T10:00:00Z' }],
    [
      'completed',
      { status: 'completed', conclusion: 'timed_out', completedAt: at },
      { status: 'completed', conclusion: 'timed_out', completed_at: '2026-11-23T10:00:00Z' },
    ],
    [
      'completed at GitHub’s own time',
      { status: 'completed', conclusion: 'skipped' },
      { status: 'completed', conclusion: 'skipped' },
    ],
    // GitHub completes a check, for good, when it is given a conclusion or a time of completion.
    ['unfinished with a verdict', { conclusion: 'success', completedAt: at }, { status: 'in_progress' }],
  ])('%s', (_, changes, expected) => {
    expect(stateBody({ ...base, ...changes })).toEqual({
      details_url: 'https://ci.example.com/runs/gate-1',
      output: { title: 'Running', summary: 'A table' },
      ...expected,
    });
  });

  test('completed without a conclusion is a mistake of ours', () => {
    expect(() => stateBody({ ...base, status: 'completed' })).toThrow('needs a conclusion');
  });
});

describe('annotations', () => {
  const line: Annotation = { path: 'a/b.go', startLine: 3, endLine: 3, level: 'warning', message: 'unused' };
  const body = { path: 'a/b.go', start_line: 3, end_line: 3, annotation_level: 'warning', message: 'unused' };

  test.each<[string, Partial<Annotation>, object]>([
    ['of a line', {}, {}],
    ['with a title', { title: 'lint' }, { title: 'lint' }],
    ['with columns', { startColumn: 2, endColumn: 9 }, { start_column: 2, end_column: 9 }],
    ['with a first column', { startColumn: 2 }, { start_column: 2 }],
    // GitHub refuses columns that span lines.
    ['of several lines', { endLine: 5, startColumn: 2, endColumn: 9 }, { end_line: 5 }],
  ])('%s', (_, changes, expected) => {
    const check = { ...base, output: { ...base.output, annotations: [{ ...line, ...changes }] } };

    expect(stateBody(check).output).toEqual({
      title: 'Running',
      summary: 'A table',
      annotations: [{ ...body, ...expected }],
    });
  });

  test.each([
    [0, [], undefined],
    [50, [], 50],
    [51, [1], 50],
    [150, [50, 50], 50],
  ])('%d go in requests of 50 at most', (count, further, first) => {
    const annotations = Array.from({ length: count }, () => line);
    const check = { ...base, output: { ...base.output, annotations } };

    expect(stateBody(check).output.annotations?.length).toBe(first);
    expect(furtherAnnotationBodies(check).map(({ output }) => output.annotations?.length)).toEqual(further);
  });
});
