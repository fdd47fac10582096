import { join } from 'node:path';
import type {
  CustomTask,
  EmbeddedTask,
  PipelineRun,
  WorkspaceBinding,
} from '../core/pipeline/pipeline-run.ts';
import type { TaskView } from './run-paths.ts';
import { paramReplacements, type Replacements, substitute, substituteDeep } from './substitution.ts';
import { isEmbedded } from './task-graph.ts';
import type { BoundWorkspace } from './workspaces.ts';

/** What the pipeline's part of a task's text may refer to. */
export interface PipelineScope {
  readonly pipelineRun: PipelineRun;
  readonly uid: string;
  /** Of the tasks that have ended: `tasks.<task>.results.<result>`. */
  readonly values: Replacements;
  /** In `finally`: `tasks.<task>.status` and the like. They reach params and `when`, not the spec of a task. */
  readonly statuses?: Replacements;
}

export interface TaskScope extends PipelineScope {
  readonly view: TaskView;
  readonly workspaces: readonly BoundWorkspace[];
  /** 0 for the first time, then the number of the retry. */
  readonly retry: number;
}

/**
 * A task with the pipeline's values in it: the first of Tekton's two substitutions, by the controller of PipelineRuns. What it is
 * given hides the pipeline's params in its spec; a default of its own does not.
 */
export function withPipelineValues<Task extends CustomTask | EmbeddedTask>(
  task: Task,
  scope: PipelineScope,
): Task {
  const params = paramReplacements(pipelineParams(scope.pipelineRun));
  const later = [pipelineContext(scope), scope.values];
  const outside = new Map([...(scope.statuses ?? []), ['context.pipelineTask.retries', retriesOf(task)]]);
  const { taskSpec, ...outer } = isEmbedded(task) ? task : { ...task, taskSpec: undefined };
  const substituted = substituteDeep(outer, [params, ...later, outside]);
  if (taskSpec === undefined) return { ...task, ...substituted };
  const own = (task.params ?? []).map(({ name }) => name);
  const inherited = [...pipelineParams(scope.pipelineRun)].filter(([name]) => !own.includes(name));
  const spec = substituteDeep(taskSpec, [paramReplacements(new Map(inherited)), ...later]);
  return { ...task, ...substituted, taskSpec: spec };
}

/** The bindings of the run's workspaces with its params and context in them. */
export function resolveBindings({ pipelineRun, uid }: PipelineScope): readonly WorkspaceBinding[] {
  const context = pipelineContext({ pipelineRun, uid });
  const passes = [paramReplacements(pipelineParams(pipelineRun)), context];
  return substituteDeep(pipelineRun.spec.workspaces ?? [], passes);
}

/**
 * The second substitution, by the controller of TaskRuns, in the spec of a task that has its pipeline's values. A result's path is
 * a file of the task; a workspace's path is there whether or not the step can see the workspace.
 */
export function resolveSpec(task: EmbeddedTask, scope: TaskScope): EmbeddedTask {
  const passes = [
    paramReplacements(valuesOf(task.taskSpec.params ?? [], task.params ?? [])),
    taskContext(task, scope),
    resultPaths(task, scope.view),
    workspaceValues(task, scope.workspaces),
  ];
  return { ...task, taskSpec: substituteDeep(task.taskSpec, passes) };
}

/** Values of the pipeline's own results, without those whose task did not write them. */
export function resolveResults(scope: PipelineScope): ReadonlyMap<string, string> {
  const { pipelineRun, values } = scope;
  const passes = [paramReplacements(pipelineParams(pipelineRun)), pipelineContext(scope), values];
  const resolved = (pipelineRun.spec.pipelineSpec.results ?? []).map(
    ({ name, value }) => [name, substitute(value, passes)] as const,
  );
  return new Map(resolved.filter(([, value]) => !/\$\((tasks|finally)\./.test(value)));
}

/** Params that a pipeline or a task declares without a default, and nobody gives. */
export function missingParams({ spec }: PipelineRun): readonly string[] {
  const { params = [], tasks, finally: last = [] } = spec.pipelineSpec;
  const ofTasks = [...tasks, ...last].filter(isEmbedded).flatMap((task) => {
    const inherited = [...(spec.params ?? []), ...params.filter(({ default: value }) => value !== undefined)];
    return without(task.taskSpec.params ?? [], [...(task.params ?? []), ...inherited]).map(
      (name) => `task ${task.name} needs the param ${name}`,
    );
  });
  return [
    ...without(params, spec.params ?? []).map((name) => `the pipeline needs the param ${name}`),
    ...ofTasks,
  ];
}

function without(
  declared: readonly { readonly name: string; readonly default?: string }[],
  given: readonly { readonly name: string }[],
): readonly string[] {
  return declared
    .filter((param) => param.default === undefined && given.every(({ name }) => name !== param.name))
    .map(({ name }) => name);
}

function pipelineParams({ spec }: PipelineRun): ReadonlyMap<string, string> {
  return valuesOf(spec.pipelineSpec.params ?? [], spec.params ?? []);
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

function pipelineContext({
  pipelineRun: { metadata },
  uid,
}: Pick<PipelineScope, 'pipelineRun' | 'uid'>): Replacements {
  return new Map([
    ['context.pipelineRun.name', metadata.name],
    ['context.pipelineRun.namespace', metadata.namespace ?? 'default'],
    ['context.pipelineRun.uid', uid],
    // An embedded pipeline is named after its run, an embedded task after its TaskRun.
    ['context.pipeline.name', metadata.name],
  ]);
}

function retriesOf(task: CustomTask | EmbeddedTask): string {
  return String('retries' in task ? (task.retries ?? 0) : 0);
}

function taskContext({ name }: EmbeddedTask, { pipelineRun, uid, retry }: TaskScope): Replacements {
  const taskRun = `${pipelineRun.metadata.name}-${name}`;
  return new Map([
    ['context.taskRun.name', taskRun],
    ['context.taskRun.namespace', pipelineRun.metadata.namespace ?? 'default'],
    ['context.taskRun.uid', `${uid}-${name}`],
    ['context.task.name', taskRun],
    ['context.task.retry-count', String(retry)],
  ]);
}

function resultPaths({ taskSpec }: EmbeddedTask, view: TaskView): Replacements {
  return new Map(
    (taskSpec.results ?? []).flatMap(({ name }) =>
      [`results.${name}.path`, `results['${name}'].path`, `results["${name}"].path`].map(
        (spelling) => [spelling, join(view.results, name)] as const,
      ),
    ),
  );
}

function workspaceValues(task: EmbeddedTask, bound: readonly BoundWorkspace[]): Replacements {
  const places = new Map(bound.map(({ name, target }) => [name, target]));
  const claims = new Map(bound.map(({ name, claim }) => [name, claim]));
  const names = new Set([...(task.taskSpec.workspaces ?? []).map(({ name }) => name), ...places.keys()]);
  return new Map(
    [...names].flatMap((name) => [
      [`workspaces.${name}.path`, places.get(name) ?? ''] as const,
      [`workspaces.${name}.bound`, String(places.has(name))] as const,
      [`workspaces.${name}.claim`, claims.get(name) ?? ''] as const,
    ]),
  );
}
