import { computeResources } from '../compute-resources.ts';
import { goDuration } from '../duration.ts';
import type { EmbeddedTask, Param, TaskRunSpec, TaskStep, WhenExpression } from '../pipeline-run.ts';
import { servicePodTemplate } from '../pod-template.ts';
import type { RenderInput } from '../render-input.ts';
import type { PlacedStep } from '../run.ts';
import { renderServices } from '../services.ts';
import type { StageStep } from '../stage-step.ts';

/** A task of the pipeline, before it is written down. */
export interface TaskPart {
  readonly name: string;
  readonly runAfter: readonly string[];
  readonly steps: readonly StageStep[];
  /** A step of ours before those of the stages. */
  readonly prepare?: TaskStep;
  /** Seconds. */
  readonly timeout: number;
  /** Whether the services run beside it. */
  readonly services: boolean;
  readonly serviceAccount?: string | undefined;
  readonly params?: readonly Param[];
  readonly when?: readonly WhenExpression[];
}

export function renderTask(part: TaskPart, input: RenderInput): EmbeddedTask {
  const { params = [], when = [], prepare } = part;
  const steps = [...(prepare === undefined ? [] : [prepare]), ...part.steps.map(({ step }) => step)];
  const seen = steps.flatMap(({ workspaces = [] }) => workspaces.map(({ name }) => name));
  const names = [...new Set(['source', ...seen])];
  const results = [...new Set(part.steps.flatMap((step) => step.results ?? []))];
  const volumes = part.steps.flatMap((step) => step.volumes ?? []);
  const sidecars = part.services ? renderServices(input) : [];
  return {
    name: part.name,
    ...(part.runAfter.length === 0 ? {} : { runAfter: part.runAfter }),
    ...(when.length === 0 ? {} : { when }),
    ...(params.length === 0 ? {} : { params }),
    timeout: goDuration(part.timeout),
    workspaces: names.map((name) => ({ name, workspace: name })),
    taskSpec: {
      ...(params.length === 0 ? {} : { params: params.map(({ name }) => ({ name, type: 'string' })) }),
      workspaces: names.map((name) => ({ name })),
      ...(results.length === 0 ? {} : { results: results.map((name) => ({ name })) }),
      ...(volumes.length === 0 ? {} : { volumes: uniqueByName(volumes) }),
      steps,
      ...(sidecars.length === 0 ? {} : { sidecars }),
    },
  };
}

/** What the task's pod needs: the most that any of its stages asks for, its names for the services, its own identity. */
export function taskRunSpec(part: TaskPart, input: RenderInput): TaskRunSpec {
  const podTemplate = part.services ? servicePodTemplate(input) : undefined;
  const asked = part.steps.flatMap(({ resources }) => resources ?? []);
  return {
    pipelineTaskName: part.name,
    ...(part.serviceAccount === undefined ? {} : { serviceAccountName: part.serviceAccount }),
    computeResources: computeResources(input.settings.resources, asked),
    ...(podTemplate === undefined ? {} : { podTemplate }),
  };
}

export function placedSteps(part: TaskPart): PlacedStep[] {
  return part.steps.map(({ stage, variant, step }) => ({
    stage,
    ...(variant === undefined ? {} : { variant }),
    task: part.name,
    step: step.name,
  }));
}

/** The results of a task as results of the pipeline. */
export function mirroredResults(part: TaskPart): { readonly name: string; readonly value: string }[] {
  const names = new Set(part.steps.flatMap(({ results = [] }) => results));
  return [...names].flatMap((name) => {
    const value = `$(tasks.${part.name}.results.${name})`;
    const chains = CHAINS.get(name);
    return [{ name, value }, ...(chains === undefined ? [] : [{ name: chains, value }])];
  });
}

/** Tekton Chains signs these: https://tekton.dev/docs/chains/slsa-provenance/#type-hinting */
const CHAINS: ReadonlyMap<string, string> = new Map([
  ['commit', 'CHAINS-GIT_COMMIT'],
  ['url', 'CHAINS-GIT_URL'],
]);

function uniqueByName<Named extends { readonly name: string }>(list: readonly Named[]): Named[] {
  return [...new Map(list.map((item) => [item.name, item])).values()];
}
