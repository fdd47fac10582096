import type { CustomTask, EmbeddedTask, PipelineRun, PipelineTask } from '../core/pipeline/pipeline-run.ts';
import { timeoutOf } from './go-duration.ts';
import {
  paramReferences,
  resultReferences,
  stepResultReferences,
  taskResultReferences,
  workspaceReferences,
} from './substitution.ts';

/** Whether a task has steps of its own; the others are turns. */
export function isEmbedded(task: PipelineTask): task is EmbeddedTask {
  return 'taskSpec' in task;
}

/** Every task with steps, those of `finally` last. */
export function embeddedTasks({ spec }: PipelineRun): readonly EmbeddedTask[] {
  const { tasks, finally: last = [] } = spec.pipelineSpec;
  return [...tasks.filter(isEmbedded), ...last];
}

/** Our own kind of custom task: the wait before a deploy. */
export const TURN = { apiVersion: 'tekton-ci.dev/v1', kind: 'Turn' } as const;

/** What a turn is for. */
export function targetOf(turn: CustomTask): string | undefined {
  return turn.params?.find(({ name }) => name === 'target')?.value;
}

/** The tasks that one waits for: those of its `runAfter`, and those whose results it uses. */
export function dependenciesOf(task: PipelineTask): ReadonlySet<string> {
  return new Set([
    ...(task.runAfter ?? []),
    ...taskResultReferences(task).map((reference) => reference.task),
  ]);
}

/** What is wrong with how tasks, steps and workspaces name each other: Tekton would refuse it at admission. */
export function graphProblems(pipelineRun: PipelineRun): readonly string[] {
  const { tasks, finally: last = [] } = pipelineRun.spec.pipelineSpec;
  return [
    ...duplicates([...tasks, ...last]).map((name) => `two tasks are named ${name}`),
    ...[...tasks, ...last].flatMap((task) => unknownTasks(task, tasks)),
    ...embeddedTasks(pipelineRun).flatMap((task) => taskProblems(task, pipelineRun)),
    ...inCycle(tasks).map((name) => `task ${name} waits for itself`),
    ...undeclaredResults(pipelineRun),
    ...plainResults(pipelineRun),
    ...timeoutProblems(pipelineRun),
  ];
}

function unknownTasks(task: PipelineTask, tasks: readonly PipelineTask[]): readonly string[] {
  return [...dependenciesOf(task)]
    .filter((name) => tasks.every((other) => other.name !== name))
    .map((name) => `task ${task.name} waits for ${name}, which is no task`);
}

function taskProblems(task: EmbeddedTask, { spec }: PipelineRun): readonly string[] {
  const { steps, sidecars = [], volumes = [] } = task.taskSpec;
  const containers = [...steps, ...sidecars];
  const both = containers.filter(({ script = '', command }) => script !== '' && command !== undefined);
  const volumeNames = new Set(volumes.map(({ name }) => name));
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  const noVolume = mounts.filter(({ name }) => !volumeNames.has(name));
  return [
    ...workspaceProblems(task, spec),
    ...unknownVariables(task, spec),
    ...noVolume.map(({ name }) => `task ${task.name} mounts the volume ${name}, which it does not have`),
    ...duplicates(containers).map((name) => `task ${task.name} has two steps named ${name}`),
    ...both.map(({ name }) => `step ${name} of task ${task.name} has both a script and a command`),
    ...(task.onError === 'continue' && (task.retries ?? 0) > 0
      ? [`task ${task.name} has both retries and onError: continue`]
      : []),
  ];
}

function workspaceProblems(task: EmbeddedTask, spec: PipelineRun['spec']): readonly string[] {
  const bound = new Set((spec.workspaces ?? []).map(({ name }) => name));
  const declared = task.taskSpec.workspaces ?? [];
  const optional = new Set(declared.filter((one) => one.optional === true).map(({ name }) => name));
  const given = task.workspaces ?? [];
  // A workspace of the same name is given without a word.
  const known = new Set([...given.map(({ name }) => name), ...bound]);
  const unbound = given.filter(({ name, workspace }) => !bound.has(workspace) && !optional.has(name));
  const missing = declared.filter(({ name }) => !known.has(name) && !optional.has(name));
  const unknown = workspaceReferences(task.taskSpec).filter(
    (name) => !known.has(name) && !optional.has(name),
  );
  return [
    ...unbound.map((one) => `task ${task.name} uses the workspace ${one.workspace}, which is not bound`),
    ...missing.map(({ name }) => `task ${task.name} needs the workspace ${name}`),
    ...unknown
      .filter((name) => declared.every((one) => one.name !== name))
      .map((name) => `task ${task.name} names the workspace ${name}, which it does not have`),
  ];
}

/** Params and results that a task's text names and that are not there: without a value they would reach the shell. */
function unknownVariables({ name: task, taskSpec, params = [] }: EmbeddedTask, spec: PipelineRun['spec']) {
  const { params: declared = [], results = [] } = taskSpec;
  const all = [...declared, ...params, ...(spec.params ?? []), ...(spec.pipelineSpec.params ?? [])];
  const known = new Set(all.map(({ name }) => name));
  const unknownParams = paramReferences(taskSpec).filter((name) => !known.has(name));
  const written = new Set(results.map(({ name }) => name));
  const unknownResults = resultReferences(taskSpec).filter((name) => !written.has(name));
  return [
    ...unknownParams.map((name) => `task ${task} names the param ${name}, which it does not have`),
    ...unknownResults.map((name) => `task ${task} names the result ${name}, which it does not have`),
    ...stepResultReferences(taskSpec).map(
      (name) => `task ${task} names ${name}, and results of steps are not supported`,
    ),
  ];
}

/** Tekton takes a result of the pipeline only as references. */
function plainResults({ spec }: PipelineRun): readonly string[] {
  return (spec.pipelineSpec.results ?? [])
    .filter(({ value }) => !/^\$\(.*\)$/s.test(value))
    .map(({ name }) => `the pipeline's result ${name} does not begin and end with a reference`);
}

function timeoutProblems({ spec }: PipelineRun): readonly string[] {
  const pipeline = timeoutOf(spec.timeouts?.pipeline ?? '1h');
  const tasks = timeoutOf(spec.timeouts?.tasks) ?? 0;
  const last = timeoutOf(spec.timeouts?.finally) ?? 0;
  if (pipeline === null || tasks + last <= pipeline) return [];
  return ['timeouts.tasks and timeouts.finally are longer than timeouts.pipeline'];
}

/** Results that somebody uses and their task does not declare. */
function undeclaredResults(pipelineRun: PipelineRun): readonly string[] {
  const { tasks, finally: last = [] } = pipelineRun.spec.pipelineSpec;
  const users = [...tasks, ...last];
  return users.flatMap((user) =>
    taskResultReferences(user).flatMap(({ task: name, result }) => {
      const task = tasks.find((candidate) => candidate.name === name);
      if (task === undefined || !isEmbedded(task)) return [];
      const declared = (task.taskSpec.results ?? []).some((candidate) => candidate.name === result);
      return declared
        ? []
        : [`task ${user.name} uses the result ${result}, which task ${name} does not declare`];
    }),
  );
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
