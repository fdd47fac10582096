import type { z } from 'zod';
import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import { UserError } from '../core/user-error.ts';
import { pipelineRunSchema } from './pipeline-run-schema.ts';
import { missingParams } from './resolve-task.ts';
import { graphProblems } from './task-graph.ts';

/**
 * Refuses, with a `UserError` of code `unsupported-by-local-engine` that names every place, what this engine would not execute as
 * Tekton does. Refusing is by what is known: a field that is not listed here is refused, so nothing is silently left out.
 */
export function refuseUnsupported(pipelineRun: PipelineRun): void {
  const checked = pipelineRunSchema.safeParse(pipelineRun);
  const problems = checked.success ? [] : checked.error.issues.map((issue) => describe(issue, pipelineRun));
  if (problems.length === 0) problems.push(...graphProblems(pipelineRun), ...missingParams(pipelineRun));
  if (problems.length === 0) return;
  throw new UserError(
    'unsupported-by-local-engine',
    `The local engine cannot execute this PipelineRun: ${problems.join('; ')}. Use the tekton engine for it.`,
  );
}

function describe(issue: z.core.$ZodIssue, pipelineRun: PipelineRun): string {
  const place = placeOf(issue.path, pipelineRun);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${place}.${key}`).join(', ');
  if (issue.code === 'invalid_union') return describeUnion(issue, pipelineRun);
  return `${place} ${issue.message}`;
}

/** By the form that it comes nearest to: the one with the fewest problems. */
function describeUnion(
  { errors, path }: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>,
  pipelineRun: PipelineRun,
): string {
  const [nearest = []] = [...errors].sort((one, other) => one.length - other.length);
  return nearest
    .map((issue) => describe({ ...issue, path: [...path, ...issue.path] }, pipelineRun))
    .join('; ');
}

/** `spec.pipelineSpec.tasks[ci].taskSpec.steps[test].env`: list items by their names, which is how people know them. */
function placeOf(path: readonly PropertyKey[], pipelineRun: PipelineRun): string {
  let at: unknown = pipelineRun;
  let place = '';
  for (const key of path) {
    at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
    place += typeof key === 'number' ? `[${nameOf(at) ?? key}]` : `${place === '' ? '' : '.'}${String(key)}`;
  }
  return place;
}

function nameOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('name' in value)) return null;
  return typeof value.name === 'string' ? value.name : null;
}
