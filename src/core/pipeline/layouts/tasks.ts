import { computeResources } from '../compute-resources.ts';
import { goDuration } from '../duration.ts';
import { DOLLAR, foreign, ours } from '../env.ts';
import { versionTaskName } from '../names.ts';
import type { EmbeddedTask, TaskStep } from '../pipeline-run.ts';
import type { RenderInput } from '../render-input.ts';
import type { RunName } from '../run.ts';
import { OPEN_SOURCE_SCRIPT, REMOVE_SOURCE_SCRIPT } from '../scripts/shared-claim.ts';
import { FILE_OWNER } from '../security.ts';
import type { StageStep } from '../stage-step.ts';
import { renderClone } from '../stages/clone.ts';
import { renderCommands } from '../stages/commands.ts';
import { renderImage } from '../stages/image.ts';
import type { StepPlace } from '../step-context.ts';
import { CLEAN_UP, stagesTimeout } from '../timeouts.ts';
import { RUNS } from '../workspaces.ts';
import { deployParts, turns } from './deploy-parts.ts';
import type { Layout } from './layout.ts';
import { mirroredResults, placedSteps, renderTask, type TaskPart, taskRunSpec } from './task-part.ts';

const IMAGE = 'image';

/**
 * Layout `tasks`: a task for each stage, one after the other, all on one volume. Versions come one after the other too, since they
 * work in the same folder. What a run leaves in a claim that others use is removed in the end, whatever became of the run.
 */
export function layoutTasks(input: RenderInput, name: RunName): Layout {
  const stages = chained(stageParts(input));
  const deploys = deployParts(input, { imageTask: IMAGE, before: () => [] });
  const parts = [...stages, ...deploys];
  const cleanUp = 'claim' in input.settings.storage ? ['clean-up'] : [];
  return {
    tasks: [
      ...stages.map((part) => renderTask(part, input)),
      ...turns(
        input,
        stages.slice(-1).map((part) => part.name),
      ),
      ...deploys.map((part) => renderTask(part, input)),
    ],
    finally: cleanUp.map((task) => removeSource(task, input, name)),
    taskRunSpecs: [
      ...parts.map((part) => taskRunSpec(part, input)),
      ...cleanUp.map((task) => ({
        pipelineTaskName: task,
        computeResources: computeResources(input.settings.resources, []),
      })),
    ],
    steps: parts.flatMap(placedSteps),
    results: stages.flatMap(mirroredResults),
  };
}

function chained(parts: readonly TaskPart[]): TaskPart[] {
  return parts.map((part, index) => ({
    ...part,
    runAfter: parts.slice(Math.max(0, index - 1), index).map(({ name }) => name),
  }));
}

function stageParts(input: RenderInput): TaskPart[] {
  const { tests, build, image } = input.run.project;
  const versions = tests.flatMap(({ variant }) => variant ?? []);
  const clone = onePart('clone', input, (place) => renderClone(place, { tellsImage: true }));
  return [
    { ...clone, services: false, prepare: openSource(input) },
    ...tests.map((test) => {
      const task = test.variant === undefined ? 'test' : versionTaskName(test.variant, versions);
      return onePart(task, input, (place) => renderCommands('test', test, place));
    }),
    ...(build === undefined
      ? []
      : [onePart('build', input, (place) => renderCommands('build', build, place))]),
    ...(image === undefined
      ? []
      : [{ ...onePart(IMAGE, input, (place) => renderImage(image, place)), services: false }]),
  ];
}

function onePart(task: string, input: RenderInput, render: (place: StepPlace) => StageStep): TaskPart {
  const step = render({ input, task });
  return { name: task, runAfter: [], steps: [step], timeout: stagesTimeout(input), services: true };
}

function openSource({ settings }: RenderInput): TaskStep {
  return {
    name: 'prepare',
    image: settings.images.git,
    imagePullPolicy: settings.pullPolicy,
    env: [DOLLAR, ours('TEKTON_CI_SOURCE', '$(workspaces.source.path)')],
    script: OPEN_SOURCE_SCRIPT,
    securityContext: FILE_OWNER,
  };
}

/** A failure of it is nobody's: what is left is swept when the run is removed. */
function removeSource(task: string, { settings }: RenderInput, name: RunName): EmbeddedTask {
  return {
    name: task,
    onError: 'continue',
    timeout: goDuration(CLEAN_UP),
    workspaces: [{ name: RUNS, workspace: RUNS }],
    taskSpec: {
      workspaces: [{ name: RUNS }],
      steps: [
        {
          name: task,
          image: settings.images.git,
          imagePullPolicy: settings.pullPolicy,
          env: [DOLLAR, ours('TEKTON_CI_RUNS', `$(workspaces.${RUNS}.path)`), foreign('TEKTON_CI_RUN', name)],
          script: REMOVE_SOURCE_SCRIPT,
          securityContext: FILE_OWNER,
        },
      ],
    },
  };
}
