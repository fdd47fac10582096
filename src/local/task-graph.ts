import type { PipelineRun, PipelineTask } from '../core/pipeline/pipeline-run.ts';
import { taskResultReferences } from './substitution.ts';

/** The tasks that one waits for: those of its `runAfter`, and those whose results it uses. */
export function dependenciesOf(task: PipelineTask): ReadonlySet<string> {
  return new Set([
    ...(task.runAfter ?? []),
    ...taskResultReferences(task).map((reference) => reference.task),
  ]);
}

/** What is wrong with how tasks, steps and workspaces name each other: Tekton would refuse it at admission. */
export function graphProblems({ spec }: PipelineRun): readonly string[] {
  const { tasks } = spec.pipelineSpec;
  const names = new Set(tasks.map(({ name }) => name));
  const bound = new Set((spec.workspaces ?? []).map(({ name }) => name));
  return [
    ...duplicates(tasks).map((name) => `two tasks are named ${name}`),
    ...tasks.flatMap((task) => taskProblems(task, names, bound)),
    ...inCycle(tasks).map((name) => `task ${name} waits for itself`),
  ];
}

function taskProblems(
  task: PipelineTask,
  names: ReadonlySet<string>,
  bound: ReadonlySet<string>,
): readonly string[] {
  const { steps, workspaces = [] } = task.taskSpec;
  const given = new Map((task.workspaces ?? []).map(({ name, workspace }) => [name, workspace]));
  const unknown = [...dependenciesOf(task)].filter((name) => !names.has(name));
  const unbound = [...given.values()].filter((name) => !bound.has(name));
  const missing = workspaces.filter(({ name, optional }) => optional !== true && !given.has(name));
  const both = steps.filter(({ script, command }) => script !== undefined && command !== undefined);
  return [
    ...unknown.map((name) => `task ${task.name} waits for ${name}, which is no task`),
    ...unbound.map((name) => `task ${task.name} uses the workspace ${name}, which is not bound`),
    ...missing.map(({ name }) => `task ${task.name} needs the workspace ${name}`),
    ...duplicates(steps).map((name) => `task ${task.name} has two steps named ${name}`),
    ...both.map(({ name }) => `step ${name} of task ${task.name} has both a script and a command`),
  ];
}

function duplicates(named: readonly { readonly name: string }[]): readonly string[] {
  const names = named.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Tasks that are left when those whose dependencies are all done are taken away again and again. */
function inCycle(tasks: readonly PipelineTask[]): readonly string[] {
  const names = new Set(tasks.map(({ name }) => name));
  let left = tasks.map((task) => ({
    name: task.name,
    waitsFor: [...dependenciesOf(task)].filter((name) => names.has(name)),
  }));
  for (;;) {
    const waiting = new Set(left.map(({ name }) => name));
    const next = left.filter(({ waitsFor }) => waitsFor.some((name) => waiting.has(name)));
    if (next.length === left.length) return next.map(({ name }) => name);
    left = next;
  }
}
