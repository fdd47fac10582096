import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import { gitSecretName, renderRun } from '../../../src/core/pipeline/render-run.ts';
import type { Run } from '../../../src/core/pipeline/run.ts';
import { CLONE_SCRIPT } from '../../../src/core/pipeline/scripts/clone.ts';
import { COMMANDS_SCRIPT } from '../../../src/core/pipeline/scripts/commands.ts';
import { stage } from '../plan/examples.ts';
import { renderInput } from './examples.ts';
import { type RenderCase, renderCases } from './render-cases.ts';

const CASES = renderCases();

/** The scripts are long and always the same two: a case shows which one. */
const SCRIPTS = new Map([
  [CLONE_SCRIPT, '(the script that clones)'],
  [COMMANDS_SCRIPT, '(the script that runs commands)'],
]);

function asYaml(runs: readonly Run[]): string {
  const named = (_key: string, value: unknown) =>
    typeof value === 'string' ? (SCRIPTS.get(value) ?? value) : value;
  return runs
    .map(({ pipelineRun }) => JSON.parse(JSON.stringify(pipelineRun, named)))
    .map((document) => dump(document, { lineWidth: 120, noRefs: true }))
    .join('---\n');
}

/** With UPDATE_CASES=1 it is written anew first, to be read before it is kept. */
function expectedOf({ expected }: RenderCase, actual: string): string {
  if (process.env.UPDATE_CASES === '1') writeFileSync(expected, actual);
  return readFileSync(expected, 'utf8');
}

describe('a config becomes exactly this', () => {
  test.each(CASES)('$name', (renderCase) => {
    const actual = asYaml(renderCase.render());

    expect(actual).toBe(expectedOf(renderCase, actual));
  });
});

describe('of every case', () => {
  const runs = CASES.flatMap((renderCase) =>
    renderCase.render().map((run) => ({ name: renderCase.name, run })),
  );

  test.each(CASES)('$name is rendered to the same bytes again', (renderCase) => {
    expect(JSON.stringify(renderCase.render())).toBe(JSON.stringify(renderCase.render()));
  });

  test.each(runs)('the steps of $name are found where its annotation says', ({ run }) => {
    const { metadata, spec } = run.pipelineRun;
    const placed = spec.pipelineSpec.tasks.flatMap((task) =>
      task.taskSpec.steps.map((step) => ({ task: task.name, step: step.name })),
    );

    expect(JSON.parse(metadata.annotations[ANNOTATION.steps]!)).toEqual(run.steps);
    expect(run.steps.map(({ task, step }) => ({ task, step }))).toEqual(placed);
  });

  test.each(runs)(
    'every step of $name has the dollar first, and nothing of the outside in its text',
    ({ run }) => {
      for (const { taskSpec } of run.pipelineRun.spec.pipelineSpec.tasks) {
        for (const step of taskSpec.steps) {
          expect(step.env?.[0]).toEqual({ name: 'TEKTON_CI_DOLLAR', value: '$' });
          expect(SCRIPTS.has(step.script ?? '')).toBe(true);
          expect(step.image).not.toContain('$(');
          for (const { value = '' } of step.env ?? []) expect(value).toMatch(OURS_OR_QUOTED);
        }
      }
    },
  );

  test.each(runs)('only the clone of $name can see the git token', ({ run }) => {
    for (const { taskSpec } of run.pipelineRun.spec.pipelineSpec.tasks) {
      const seeing = taskSpec.steps.filter((step) =>
        step.workspaces?.some(({ name }) => name === 'git-credentials'),
      );
      const bound = taskSpec.workspaces?.some(({ name }) => name === 'git-credentials');

      expect(seeing.map(({ name }) => name)).toEqual(bound ? ['clone'] : []);
    }
  });
});

/** No `$` but the quoted one, and paths of workspaces. */
const OURS_OR_QUOTED =
  /^(?:[^$]|\$\(TEKTON_CI_DOLLAR\)|\$\(workspaces\.(?:source|git-credentials)\.path\)|\$$)*$/;

test("the app's own annotations come along", () => {
  const run = renderRun({ ...renderInput(), annotations: { 'tekton-ci.dev/plan': '{}' } });

  expect(run.pipelineRun.metadata.annotations).toMatchObject({ 'tekton-ci.dev/plan': '{}' });
});

test('the secret of a run is named after it', () => {
  expect(gitSecretName('api-0123456-89abcdef')).toBe('api-0123456-89abcdef-git');
});

test("an operator's image takes the version as it is", () => {
  const tests = [stage({ image: { kind: 'toolchain', toolchain: 'go', version: '1.25$&' } })];

  const [task] = renderRun(renderInput({ tests })).pipelineRun.spec.pipelineSpec.tasks;

  expect(task?.taskSpec.steps[1]?.image).toBe('golang:1.25$&');
});
