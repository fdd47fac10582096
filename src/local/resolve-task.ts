import { join } from 'node:path';
import type { PipelineRun, PipelineTask, TaskStep } from '../core/pipeline/pipeline-run.ts';
import type { TaskPaths } from './run-paths.ts';
import { paramReplacements, type Replacements, substitute, substituteDeep } from './substitution.ts';

/** What a task's text may refer to. */
export interface TaskScope {
  readonly pipelineRun: PipelineRun;
  readonly uid: string;
  /** Results of the tasks that have ended: `tasks.<task>.results.<result>`. */
  readonly results: Replacements;
  readonly paths: TaskPaths;
}

/**
 * The steps of a task with Tekton's substitutions done: first the pipeline's, then the task's own, as its two controllers do it.
 * A result path is a file of the task; a workspace's path is there whether or not the step can see the workspace.
 */
export function resolveSteps(task: PipelineTask, scope: TaskScope): readonly TaskStep[] {
  const fromPipeline = withPipelineValues(task, scope);
  return substituteDeep(fromPipeline.taskSpec.steps, [
    paramReplacements(taskParams(fromPipeline)),
    taskContext(task, scope),
    resultPaths(task, scope.paths),
    workspacePaths(task, scope.paths),
  ]);
}

/** Values of the pipeline's own results, without those whose task did not write them. */
export function resolveResults(pipelineRun: PipelineRun, results: Replacements): ReadonlyMap<string, string> {
  const resolved = (pipelineRun.spec.pipelineSpec.results ?? []).map(
    ({ name, value }) => [name, substitute(value, [results])] as const,
  );
  return new Map(resolved.filter(([, value]) => !value.includes('$(tasks.')));
}

function withPipelineValues(task: PipelineTask, { pipelineRun, uid, results }: TaskScope): PipelineTask {
  const params = pipelineParams(pipelineRun);
  const shadowed = [...(task.params ?? []), ...(task.taskSpec.params ?? [])].map(({ name }) => name);
  const inherited = new Map([...params].filter(([name]) => !shadowed.includes(name)));
  const later = [pipelineContext(pipelineRun, uid), results];
  return {
    ...task,
    params: substituteDeep(task.params ?? [], [paramReplacements(params), ...later]),
    taskSpec: substituteDeep(task.taskSpec, [paramReplacements(inherited), ...later]),
  };
}

function pipelineParams({ spec }: PipelineRun): ReadonlyMap<string, string> {
  return valuesOf(spec.pipelineSpec.params ?? [], spec.params ?? []);
}

function taskParams({ params = [], taskSpec }: PipelineTask): ReadonlyMap<string, string> {
  return valuesOf(taskSpec.params ?? [], params);
}

function valuesOf(
  declared: readonly { readonly name: string; readonly default?: string }[],
  given: readonly { readonly name: string; readonly value: string }[],
): ReadonlyMap<string, string> {
  const defaults = declared.flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return new Map([...defaults, ...given.map(({ name, value }) => [name, value] as const)]);
}

function pipelineContext({ metadata }: PipelineRun, uid: string): Replacements {
  return new Map([
    ['context.pipelineRun.name', metadata.name],
    ['context.pipelineRun.namespace', metadata.namespace ?? 'default'],
    ['context.pipelineRun.uid', uid],
    // An embedded pipeline is named after its run, an embedded task after its TaskRun.
    ['context.pipeline.name', metadata.name],
    ['context.pipelineTask.retries', '0'],
  ]);
}

function taskContext({ name }: PipelineTask, { pipelineRun, uid }: TaskScope): Replacements {
  const taskRun = `${pipelineRun.metadata.name}-${name}`;
  return new Map([
    ['context.taskRun.name', taskRun],
    ['context.taskRun.namespace', pipelineRun.metadata.namespace ?? 'default'],
    ['context.taskRun.uid', `${uid}-${name}`],
    ['context.task.name', taskRun],
    ['context.task.retry-count', '0'],
  ]);
}

function resultPaths({ taskSpec }: PipelineTask, paths: TaskPaths): Replacements {
  return new Map(
    (taskSpec.results ?? []).map(({ name }) => [`results.${name}.path`, join(paths.results, name)]),
  );
}

function workspacePaths(task: PipelineTask, paths: TaskPaths): Replacements {
  const bound = new Set((task.workspaces ?? []).map(({ name }) => name));
  return new Map(
    (task.taskSpec.workspaces ?? []).flatMap(({ name }) => [
      [`workspaces.${name}.path`, bound.has(name) ? join(paths.workspaces, name) : ''] as const,
      [`workspaces.${name}.bound`, String(bound.has(name))] as const,
    ]),
  );
}
