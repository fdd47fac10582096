import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import { renderRun } from '../../../src/core/pipeline/render-run.ts';
import type { Run } from '../../../src/core/pipeline/run.ts';
import { CLONE_SCRIPT } from '../../../src/core/pipeline/scripts/clone.ts';
import {
  COMMANDS_SCRIPT,
  COMMANDS_WITH_REPORTS_SCRIPT,
} from '../../../src/core/pipeline/scripts/commands.ts';
import { HELM_SCRIPT } from '../../../src/core/pipeline/scripts/helm.ts';
import { OPEN_SOURCE_SCRIPT, REMOVE_SOURCE_SCRIPT } from '../../../src/core/pipeline/scripts/shared-claim.ts';
import { gitSecretName } from '../../../src/core/pipeline/workspaces.ts';
import { stage } from '../plan/examples.ts';
import { containers, embeddedTasks, renderInput } from './examples.ts';
import { type RenderCase, renderCases } from './render-cases.ts';

const CASES = renderCases();

/** The scripts are long and always the same few: a case shows which one. */
const SCRIPTS = new Map([
  [CLONE_SCRIPT, '(the script that clones)'],
  [COMMANDS_SCRIPT, '(the script that runs commands)'],
  [COMMANDS_WITH_REPORTS_SCRIPT, '(the script that runs commands, and logs test reports)'],
  [HELM_SCRIPT, '(the script that deploys a chart)'],
  [OPEN_SOURCE_SCRIPT, '(the script that opens the source to all users)'],
  [REMOVE_SOURCE_SCRIPT, '(the script that removes the source)'],
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
    const there = embeddedTasks(run).flatMap((task) =>
      task.taskSpec.steps.map((step) => `${task.name}/${step.name}`),
    );
    const placed = run.steps.map(({ task, step }) => `${task}/${step}`);

    expect(JSON.parse(run.pipelineRun.metadata.annotations[ANNOTATION.steps]!)).toEqual(run.steps);
    expect(there.filter((step) => !STEPS_OF_OURS.has(step))).toEqual(placed);
  });

  test.each(runs)(
    'every container of $name has the dollar first, and nothing of the outside in its text',
    ({ run }) => {
      for (const container of containers(run)) {
        expect(container.env?.[0]).toEqual({ name: 'TEKTON_CI_DOLLAR', value: '$' });
        expect(container.script === undefined || SCRIPTS.has(container.script)).toBe(true);
        expect(
          JSON.stringify([container.name, container.image, container.command, container.volumeMounts]),
        ).not.toContain('$(');
        for (const { value = '' } of container.env ?? []) expect(value).toMatch(OURS_OR_QUOTED);
        for (const arg of container.args ?? []) expect(arg).toMatch(OURS_OR_QUOTED);
      }
    },
  );

  test.each(runs)('in $name only a command that is asked for sees a credential, and only one', ({ run }) => {
    for (const { taskSpec } of embeddedTasks(run)) {
      for (const [name, stage] of CREDENTIALS) {
        const seeing = taskSpec.steps.filter((step) =>
          [...(step.workspaces ?? []), ...(step.volumeMounts ?? [])].some((item) => item.name === name),
        );
        const there = [...(taskSpec.workspaces ?? []), ...(taskSpec.volumes ?? [])].some(
          (item) => item.name === name,
        );

        expect(seeing.map((step) => step.name)).toEqual(there ? [stage] : []);
      }
    }
  });

  test.each(runs)('no script of $name names a folder but by its workspace', ({ run }) => {
    for (const container of containers(run)) {
      if (container.name === 'image' || container.name === 'deploy') continue;
      const mounted = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
      const named = (container.env ?? []).filter(
        ({ name, value = '' }) =>
          /^(?:HOME|TEKTON_CI_(?:CHECKOUT|CACHE|RUNS|SOURCE))$/.test(name) && !mounted.includes(value),
      );
      for (const { value } of named) expect(value).toMatch(/^\$\(workspaces\./);
    }
  });

  test.each(runs)('every task of $name has its own limit of time and resources', ({ run }) => {
    const { spec } = run.pipelineRun;
    const limited = spec.taskRunSpecs!.map(({ pipelineTaskName }) => pipelineTaskName);

    for (const task of [...spec.pipelineSpec.tasks, ...(spec.pipelineSpec.finally ?? [])]) {
      expect(task.timeout).toMatch(/^\d+h\d+m\d+s$/);
      if ('taskSpec' in task) expect(limited).toContain(task.name);
    }
  });

  test.each(runs)('the workspaces of a task of $name are of one claim at most', ({ run }) => {
    const { workspaces = [] } = run.pipelineRun.spec;
    for (const task of embeddedTasks(run)) {
      const bindings = (task.workspaces ?? []).map(({ workspace }) =>
        workspaces.find(({ name }) => name === workspace),
      );
      const claims = bindings.flatMap((binding) => {
        if (binding?.volumeClaimTemplate !== undefined) return ['its own'];
        return binding?.persistentVolumeClaim?.claimName ?? [];
      });

      expect(bindings).not.toContain(undefined);
      expect(new Set(claims).size).toBeLessThanOrEqual(1);
    }
  });

  test.each(runs)('no claim of $name is bound twice, or its pods could not be scheduled', ({ run }) => {
    const { workspaces = [] } = run.pipelineRun.spec;
    const claims = workspaces.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

    expect(claims).toEqual([...new Set(claims)]);
  });

  test.each(runs)('$name declares no results of steps, which Tekton would replace in any text', ({ run }) => {
    for (const { taskSpec } of embeddedTasks(run)) {
      for (const step of taskSpec.steps) expect(step).not.toHaveProperty('results');
    }
  });

  test.each(runs)('an untrusted $name has no secret, no push and no deploy', ({ run }) => {
    if (run.key.trust === 'trusted') return;
    const text = JSON.stringify(run.pipelineRun.spec);

    expect(text).not.toMatch(/secretKeyRef|secretName":"(?!.*-git")|digest-file|deploy/);
  });

  test.each(runs)('results of $name are only those that a step surely writes', ({ run }) => {
    const { results = [] } = run.pipelineRun.spec.pipelineSpec;
    for (const { taskSpec } of embeddedTasks(run)) {
      const text = JSON.stringify(taskSpec.steps);
      for (const { name } of taskSpec.results ?? []) expect(text).toContain(`$(results.${name}.path)`);
    }
    for (const { value } of results) expect(value).toMatch(/^\$\(tasks\.[a-z0-9-]+\.results\.[A-Za-z_]+\)$/);
  });
});

/** Steps that are no stage. */
const STEPS_OF_OURS = new Set(['clone/prepare', 'clean-up/clean-up']);

/** Workspaces and volumes with credentials, and the one step that may see each. */
const CREDENTIALS = [
  ['git-credentials', 'clone'],
  ['git-1', 'clone'],
  ['dockerconfig', 'image'],
  ['kubeconfig', 'deploy'],
  ['cluster', 'deploy'],
] as const;

/** No `$` but the quoted one, what Tekton replaces for us, and the dollar itself. */
const OURS_OR_QUOTED =
  /^(?:[^$]|\$\(TEKTON_CI_DOLLAR\)|\$\(workspaces\.[a-z0-9-]+\.path\)|\$\(results\.[A-Z_]+\.path\)|\$\(params\.image-digest\)|\$$)*$/;

test("the app's own annotations come along", () => {
  const run = renderRun({ ...renderInput(), annotations: { 'tekton-ci.dev/plan': '{}' } });

  expect(run.pipelineRun.metadata.annotations).toMatchObject({ 'tekton-ci.dev/plan': '{}' });
});

test('the secret of a run is named after it', () => {
  expect(gitSecretName('api-0123456-89abcdef')).toBe('api-0123456-89abcdef-git');
});

test("an operator's image takes the version as it is", () => {
  const tests = [stage({ image: { kind: 'toolchain', toolchain: 'go', version: '1.25$&' } })];

  const [task] = embeddedTasks(renderRun(renderInput({ tests })));

  expect(task?.taskSpec.steps[1]?.image).toBe('golang:1.25$&');
});
