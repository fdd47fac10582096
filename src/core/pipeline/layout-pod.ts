import { goDuration } from './duration.ts';
import { versionTaskName } from './names.ts';
import type { PipelineTask, TaskStep } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';
import type { PlacedStep, Stage } from './run.ts';
import { GIT_CREDENTIALS, renderClone } from './stages/clone.ts';
import { renderCommands } from './stages/commands.ts';

/** Where the steps live. */
export interface Layout {
  readonly tasks: readonly PipelineTask[];
  readonly steps: readonly PlacedStep[];
  /** The task whose results are the pipeline's. */
  readonly resultTask: string;
}

interface Part {
  readonly task: string;
  readonly runAfter: readonly string[];
  readonly steps: readonly { readonly stage: Stage; readonly variant?: string; readonly step: TaskStep }[];
}

/**
 * Layout `pod`: all stages of a project are the steps of one task `ci` on one `emptyDir`; a version list gives
 * parallel tasks `test-<version>` before it.
 */
export function layoutPod(input: RenderInput): Layout {
  const parts = [...versionParts(input), ...ciPart(input)];
  return {
    tasks: parts.map((part) => renderTask(part, input)),
    steps: parts.flatMap(({ task, steps }) =>
      steps.map(({ stage, variant, step }) => ({
        stage,
        ...(variant === undefined ? {} : { variant }),
        task,
        step: step.name,
      })),
    ),
    resultTask: parts.at(-1)?.task ?? 'ci',
  };
}

function versionParts(input: RenderInput): Part[] {
  const tests = input.run.project.tests.flatMap((test) =>
    test.variant === undefined ? [] : [{ ...test, variant: test.variant }],
  );
  const versions = tests.map(({ variant }) => variant);
  return tests.map((test) => {
    const { variant } = test;
    return {
      task: versionTaskName(variant, versions),
      runAfter: [],
      steps: [
        { stage: 'clone' as const, variant, step: renderClone(input) },
        { stage: 'test' as const, variant, step: renderCommands('test', test, input) },
      ],
    };
  });
}

function ciPart(input: RenderInput): Part[] {
  const { tests, build } = input.run.project;
  const test = tests.find(({ variant }) => variant === undefined);
  const versions = versionParts(input).map(({ task }) => task);
  const commands = [
    ...(test === undefined ? [] : [{ stage: 'test' as const, step: renderCommands('test', test, input) }]),
    ...(build === undefined
      ? []
      : [{ stage: 'build' as const, step: renderCommands('build', build, input) }]),
  ];
  if (commands.length === 0) return [];
  return [
    {
      task: 'ci',
      runAfter: versions,
      steps: [{ stage: 'clone' as const, step: renderClone(input) }, ...commands],
    },
  ];
}

function renderTask(part: Part, input: RenderInput): PipelineTask {
  const names = ['source', ...(input.source.credentials ? [GIT_CREDENTIALS] : [])];
  return {
    name: part.task,
    ...(part.runAfter.length === 0 ? {} : { runAfter: part.runAfter }),
    timeout: goDuration(runTimeout(input)),
    workspaces: names.map((name) => ({ name, workspace: name })),
    taskSpec: {
      workspaces: names.map((name) => ({ name })),
      results: [{ name: 'commit' }, { name: 'url' }],
      steps: part.steps.map(({ step }) => step),
    },
  };
}

/** Seconds that a whole run may take: what the config asks for, at most what the operator allows. */
export function runTimeout({ run, settings }: RenderInput): number {
  return Math.min(run.project.timeout, settings.timeout);
}
