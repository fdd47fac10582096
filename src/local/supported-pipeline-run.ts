import { z } from 'zod';
import type { PipelineRun } from '../core/pipeline/pipeline-run.ts';
import { UserError } from '../core/user-error.ts';
import { parseGoDuration } from './go-duration.ts';
import { graphProblems } from './task-graph.ts';

/**
 * Refuses, with a `UserError` of code `unsupported-by-local-engine` that names every place, what this engine would not execute as
 * Tekton does. Refusing is by what is known: a field that is not listed here is refused, so nothing is silently left out.
 */
export function refuseUnsupported(pipelineRun: PipelineRun): void {
  const checked = pipelineRunSchema.safeParse(pipelineRun);
  const problems = checked.success ? [] : checked.error.issues.map((issue) => describe(issue, pipelineRun));
  if (problems.length === 0) problems.push(...graphProblems(pipelineRun));
  if (problems.length === 0) return;
  throw new UserError(
    'unsupported-by-local-engine',
    `The local engine cannot execute this PipelineRun: ${problems.join('; ')}. Use the tekton engine for it.`,
  );
}

const label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be a DNS label');
// Names that become file names here.
const fileName = z.string().regex(/^[-._A-Za-z0-9]*[-_A-Za-z0-9][-._A-Za-z0-9]*$/, 'must be a plain name');
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name that a shell takes')
  .max(255);
const text = z.string().refine((value) => !value.includes('\0'), 'must not contain NUL');
const duration = z.string().refine((value) => parseGoDuration(value) !== null, 'must be a Go duration');
const params = z.array(z.strictObject({ name: z.string(), value: text }));
const paramSpecs = z.array(
  z.strictObject({
    name: z.string(),
    type: z.literal('string').optional(),
    description: z.string().optional(),
    default: text.optional(),
  }),
);
/** Means nothing on a machine without pods, or describes only. */
const ignored = z.unknown().optional();

const step = z.strictObject({
  name: label,
  displayName: ignored,
  image: z.string(),
  imagePullPolicy: ignored,
  script: text.optional(),
  command: z.array(text).optional(),
  args: z.array(text).optional(),
  env: z
    .array(
      z.strictObject({
        name: variableName,
        value: text.optional(),
        valueFrom: z
          .strictObject({ secretKeyRef: z.strictObject({ name: fileName, key: fileName }) })
          .optional(),
      }),
    )
    .optional(),
  workingDir: text.optional(),
  timeout: duration.optional(),
  onError: z.enum(['continue', 'stopAndFail']).optional(),
  computeResources: ignored,
  securityContext: ignored,
  workspaces: z.array(z.strictObject({ name: fileName })).optional(),
});

const task = z.strictObject({
  name: label,
  displayName: ignored,
  description: ignored,
  runAfter: z.array(z.string()).optional(),
  timeout: duration.optional(),
  params: params.optional(),
  workspaces: z.array(z.strictObject({ name: fileName, workspace: fileName })).optional(),
  taskSpec: z.strictObject({
    metadata: ignored,
    displayName: ignored,
    description: ignored,
    params: paramSpecs.optional(),
    workspaces: z
      .array(
        z.strictObject({
          name: fileName,
          optional: z.boolean().optional(),
          description: z.string().optional(),
        }),
      )
      .optional(),
    results: z
      .array(
        z.strictObject({
          name: fileName,
          type: z.literal('string').optional(),
          description: z.string().optional(),
        }),
      )
      .optional(),
    steps: z.array(step).min(1),
  }),
});

const pipelineRunSchema = z.strictObject({
  apiVersion: z.literal('tekton.dev/v1'),
  kind: z.literal('PipelineRun'),
  metadata: z.object({ name: label }),
  spec: z.strictObject({
    params: params.optional(),
    workspaces: z
      .array(
        z.union([
          z.strictObject({ name: fileName, emptyDir: z.strictObject({}) }),
          z.strictObject({ name: fileName, secret: z.strictObject({ secretName: fileName }) }),
        ]),
      )
      .optional(),
    timeouts: z
      .strictObject({
        pipeline: duration.optional(),
        tasks: duration.optional(),
        finally: duration.optional(),
      })
      .optional(),
    taskRunTemplate: ignored,
    taskRunSpecs: ignored,
    pipelineSpec: z.strictObject({
      displayName: ignored,
      description: ignored,
      params: paramSpecs.optional(),
      workspaces: z.array(z.object({ name: fileName })).optional(),
      tasks: z.array(task).min(1),
      results: z
        .array(z.strictObject({ name: fileName, value: text, type: ignored, description: ignored }))
        .optional(),
    }),
  }),
});

function describe(issue: z.core.$ZodIssue, pipelineRun: PipelineRun): string {
  const place = placeOf(issue.path, pipelineRun);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${place}.${key}`).join(', ');
  if (issue.code === 'invalid_union') return `${place} (only emptyDir and secret, without subPath)`;
  return `${place} ${issue.message}`;
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
