import { z } from 'zod';
import { parseGoDuration } from './go-duration.ts';
import { TURN } from './task-graph.ts';

const label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be a DNS label');
// Names that become file names here.
const fileName = z.string().regex(/^[-._A-Za-z0-9]*[-_A-Za-z0-9][-._A-Za-z0-9]*$/, 'must be a plain name');
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name that a shell takes')
  .max(255);
const text = z.string().refine((value) => !value.includes('\0'), 'must not contain NUL');
const duration = z.string().refine((value) => parseGoDuration(value) !== null, 'must be a Go duration');
const absolutePath = text.regex(/^\/[^:,]*$/, 'must be an absolute path without a colon or comma');
const relativePath = text.refine(
  (path) => !path.startsWith('/') && !path.split('/').includes('..'),
  'must be a path inside the volume',
);
const flag = z.boolean().optional();
/** Means nothing on a machine without pods, or describes only. */
const ignored = z.unknown().optional();

const params = z.array(z.strictObject({ name: z.string(), value: text }));
const paramSpecs = z.array(
  z.strictObject({
    name: z.string(),
    type: z.literal('string').optional(),
    description: ignored,
    default: text.optional(),
  }),
);

const env = z.array(
  z.strictObject({
    name: variableName,
    value: text.optional(),
    valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name: fileName, key: fileName }) }).optional(),
  }),
);

const quantities = z.record(z.string(), z.string());
const container = {
  name: label,
  image: text,
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  script: text.optional(),
  command: z.array(text).optional(),
  args: z.array(text).optional(),
  env: env.optional(),
  workingDir: text.regex(/^(\/|\$\()/, 'must be an absolute path').optional(),
  volumeMounts: z
    .array(
      z.strictObject({
        name: label,
        mountPath: absolutePath,
        subPath: relativePath.optional(),
        readOnly: flag,
      }),
    )
    .optional(),
  // Whoever runs containers checks it.
  securityContext: z.record(z.string(), z.unknown()).optional(),
  computeResources: z
    .strictObject({ requests: quantities.optional(), limits: quantities.optional() })
    .optional(),
};

const step = z.strictObject({
  ...container,
  displayName: ignored,
  timeout: duration.optional(),
  onError: z.enum(['continue', 'stopAndFail']).optional(),
  workspaces: z.array(z.strictObject({ name: fileName })).optional(),
});

const seconds = z.number().int().min(0).optional();
const sidecar = z.strictObject({
  ...container,
  readinessProbe: z
    .strictObject({
      exec: z.strictObject({ command: z.array(text).min(1) }).optional(),
      tcpSocket: z.strictObject({ port: z.number().int().min(1).max(65_535) }).optional(),
      initialDelaySeconds: seconds,
      periodSeconds: seconds,
      timeoutSeconds: seconds,
      failureThreshold: seconds,
    })
    .refine((probe) => (probe.exec === undefined) !== (probe.tcpSocket === undefined), {
      message: 'must have either exec or tcpSocket',
    })
    .optional(),
});

const empty = z.strictObject({});
const claim = z.strictObject({ claimName: fileName, readOnly: flag });
const volume = z.union([
  z.strictObject({ name: label, emptyDir: empty }),
  z.strictObject({ name: label, persistentVolumeClaim: claim }),
  z.strictObject({
    name: label,
    secret: z.strictObject({
      secretName: fileName,
      items: z.array(z.strictObject({ key: fileName, path: relativePath })).optional(),
      optional: flag,
      defaultMode: ignored,
    }),
  }),
]);

const taskSpec = z.strictObject({
  metadata: ignored,
  displayName: ignored,
  description: ignored,
  params: paramSpecs.optional(),
  workspaces: z
    .array(
      z.strictObject({
        name: fileName,
        optional: flag,
        readOnly: flag,
        mountPath: absolutePath.optional(),
        description: ignored,
      }),
    )
    .optional(),
  results: z
    .array(z.strictObject({ name: fileName, type: z.literal('string').optional(), description: ignored }))
    .optional(),
  volumes: z.array(volume).optional(),
  stepTemplate: z.strictObject({ env: env.optional() }).optional(),
  sidecars: z.array(sidecar).optional(),
  steps: z.array(step).min(1),
});

const anyTask = {
  name: label,
  displayName: ignored,
  description: ignored,
  timeout: duration.optional(),
  params: params.optional(),
  when: z
    .array(z.strictObject({ input: text, operator: z.enum(['in', 'notin']), values: z.array(text) }))
    .optional(),
};
const runAfter = z.array(z.string()).optional();

const embeddedTask = z.strictObject({
  ...anyTask,
  workspaces: z
    .array(z.strictObject({ name: fileName, workspace: fileName, subPath: relativePath.optional() }))
    .optional(),
  retries: z.number().int().min(0).optional(),
  onError: z.enum(['continue', 'stopAndFail']).optional(),
  taskSpec,
});

const turn = z.strictObject({
  ...anyTask,
  params: params.refine((given) => given.some(({ name }) => name === 'target'), 'must have a target'),
  runAfter,
  taskRef: z.strictObject({
    apiVersion: z.literal(TURN.apiVersion),
    kind: z.literal(TURN.kind),
    name: ignored,
  }),
});

/** Which kind a task says it is: its problems are those of that kind. No field of Tekton's is called so. */
const KIND = '(kind)';
const pipelineTask = z.preprocess(
  (task) => (isObject(task) ? { ...task, [KIND]: 'taskRef' in task ? 'turn' : 'embedded' } : task),
  z.discriminatedUnion(KIND, [
    embeddedTask.extend({ runAfter, [KIND]: z.literal('embedded') }),
    turn.extend({ [KIND]: z.literal('turn') }),
  ]),
);

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const subPath = relativePath.optional();
const workspaceBinding = z.union([
  z.strictObject({ name: fileName, subPath, emptyDir: empty }),
  z.strictObject({ name: fileName, secret: z.strictObject({ secretName: fileName }) }),
  z.strictObject({ name: fileName, subPath, persistentVolumeClaim: claim }),
  z.strictObject({ name: fileName, subPath, volumeClaimTemplate: z.unknown() }),
]);

const hostAliases = z.array(z.strictObject({ ip: z.union([z.ipv4(), z.ipv6()]), hostnames: z.array(text) }));
const podTemplate = z.looseObject({ hostAliases: hostAliases.optional() }).optional();

/** What this engine executes. A field that is not here is refused. */
export const pipelineRunSchema = z.strictObject({
  apiVersion: z.literal('tekton.dev/v1'),
  kind: z.literal('PipelineRun'),
  metadata: z.object({ name: label }),
  spec: z.strictObject({
    params: params.optional(),
    workspaces: z.array(workspaceBinding).optional(),
    timeouts: z
      .strictObject({
        pipeline: duration.optional(),
        tasks: duration.optional(),
        finally: duration.optional(),
      })
      .optional(),
    taskRunTemplate: z.looseObject({ podTemplate }).optional(),
    taskRunSpecs: z
      .array(z.looseObject({ podTemplate, computeResources: container.computeResources }))
      .optional(),
    pipelineSpec: z.strictObject({
      displayName: ignored,
      description: ignored,
      params: paramSpecs.optional(),
      workspaces: z.array(z.object({ name: fileName })).optional(),
      tasks: z.array(pipelineTask).min(1),
      finally: z.array(embeddedTask).optional(),
      results: z
        .array(z.strictObject({ name: fileName, value: text, type: ignored, description: ignored }))
        .optional(),
    }),
  }),
});
