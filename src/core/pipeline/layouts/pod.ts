import { versionTaskName } from '../names.ts';
import type { RenderInput } from '../render-input.ts';
import type { StageStep } from '../stage-step.ts';
import { renderClone } from '../stages/clone.ts';
import { renderCommands } from '../stages/commands.ts';
import { renderImage } from '../stages/image.ts';
import { stagesTimeout } from '../timeouts.ts';
import { deployParts, turns } from './deploy-parts.ts';
import type { Layout } from './layout.ts';
import { mirroredResults, placedSteps, renderTask, type TaskPart, taskRunSpec } from './task-part.ts';

const CI = 'ci';

/**
 * Layout `pod`: all stages of a project but its deploys are the steps of one task `ci` on one `emptyDir`; a version list gives parallel
 * tasks `test-<version>` before it, and each deploy is a task `deploy-<to>` after it.
 */
export function layoutPod(input: RenderInput): Layout {
  const versions = versionParts(input);
  const ci = ciParts(input, versions);
  const deploys = deployParts(input, {
    imageTask: CI,
    before: (place, { to }) => [renderClone(place, { variant: to })],
  });
  const stages = [...versions, ...ci];
  const parts = [...stages, ...deploys];
  const told = ci.at(-1) ?? versions.at(-1) ?? deploys.at(-1);
  return {
    tasks: [
      ...stages.map((part) => renderTask(part, input)),
      ...turns(
        input,
        (ci.length === 0 ? versions : ci).map(({ name }) => name),
      ),
      ...deploys.map((part) => renderTask(part, input)),
    ],
    finally: [],
    taskRunSpecs: parts.map((part) => taskRunSpec(part, input)),
    steps: parts.flatMap(placedSteps),
    results: told === undefined ? [] : mirroredResults(told),
  };
}

function versionParts(input: RenderInput): TaskPart[] {
  const tests = input.run.project.tests.flatMap((test) =>
    test.variant === undefined ? [] : [{ ...test, variant: test.variant }],
  );
  const versions = tests.map(({ variant }) => variant);
  return tests.map((test) => {
    const { variant } = test;
    const task = versionTaskName(variant, versions);
    const place = { input, task };
    return {
      name: task,
      runAfter: [],
      steps: [renderClone(place, { variant }), renderCommands('test', test, place)],
      timeout: stagesTimeout(input),
      services: true,
    };
  });
}

function ciParts(input: RenderInput, versions: readonly TaskPart[]): TaskPart[] {
  const { tests, build, image } = input.run.project;
  const test = tests.find(({ variant }) => variant === undefined);
  const place = { input, task: CI };
  const stages: StageStep[] = [
    ...(test === undefined ? [] : [renderCommands('test', test, place)]),
    ...(build === undefined ? [] : [renderCommands('build', build, place)]),
    ...(image === undefined ? [] : [renderImage(image, place)]),
  ];
  if (stages.length === 0) return [];
  return [
    {
      name: place.task,
      runAfter: versions.map(({ name }) => name),
      steps: [renderClone(place, { tellsImage: true }), ...stages],
      timeout: stagesTimeout(input),
      services: true,
    },
  ];
}
