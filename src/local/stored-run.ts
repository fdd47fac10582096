import { z } from 'zod';
import { type PlacedStep, type RunName, STAGES } from '../core/pipeline/run.ts';
import type { RunStatus } from '../core/pipeline/run-status.ts';
import type { ProcessRecord } from './runtime.ts';

/** Everything about a run but its PipelineRun: the content of `state.json`, and what is kept in memory. */
export interface StoredRun {
  readonly name: RunName;
  /** Order of submission. */
  readonly sequence: number;
  readonly uid: string;
  readonly createdAt: Date;
  /** Those of the PipelineRun, with everything that was merged since. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly steps: readonly PlacedStep[];
  readonly status: RunStatus;
  /** Processes that may be alive, with the id of their step. */
  readonly processes: readonly (ProcessRecord & { readonly step: string })[];
  /** Asked for, not necessarily done. */
  readonly cancelled?: { readonly by: string; readonly why: string };
}

/** Whether a run has ended for good. */
export function isDone(run: StoredRun): boolean {
  return run.status.phase === 'done';
}

/** Names a step in its run, and its log file: labels hold no dot, so no two steps share one. */
export function stepId({ task, step }: { readonly task: string; readonly step: string }): string {
  return `${task}.${step}`;
}

export function formatStoredRun(run: StoredRun): string {
  return `${JSON.stringify(run)}\n`;
}

/** Throws when the text is not what `formatStoredRun` wrote. */
export function parseStoredRun(text: string): StoredRun {
  return storedRunSchema.parse(JSON.parse(text));
}

const date = z.coerce.date();
const stepRef = { stage: z.enum(STAGES), variant: z.string().exactOptional() };
const stepStatuses = z.array(
  z.object({
    ...stepRef,
    state: z.enum(['waiting', 'running', 'succeeded', 'failed', 'skipped']),
    exitCode: z.number().exactOptional(),
    startedAt: date.exactOptional(),
    finishedAt: date.exactOptional(),
  }),
);
const cause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: z.object(stepRef), exitCode: z.number() }),
  z.object({ kind: z.literal('timeout'), of: z.union([z.literal('run'), z.object(stepRef)]) }),
  z.object({ kind: z.literal('cancelled'), by: z.string(), why: z.string() }),
  z.object({
    kind: z.literal('infrastructure'),
    reason: z.string(),
    detail: z.string(),
    retry: z.boolean(),
  }),
]);
const status = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('pending'), ahead: z.number() }),
  z.object({ phase: z.literal('starting'), since: date }),
  z.object({
    phase: z.literal('running'),
    steps: stepStatuses,
    turns: z.array(z.object({ target: z.string(), since: date })),
  }),
  z.object({
    phase: z.literal('done'),
    verdict: z.enum(['succeeded', 'failed', 'cancelled', 'timed-out', 'infrastructure']),
    cause: cause.exactOptional(),
    steps: stepStatuses,
    results: z.object({ imageUrl: z.string().exactOptional(), imageDigest: z.string().exactOptional() }),
    finishedAt: date,
  }),
]);
const storedRunSchema = z.object({
  name: z.string(),
  sequence: z.number(),
  uid: z.string(),
  createdAt: date,
  annotations: z.record(z.string(), z.string()),
  steps: z.array(z.object({ ...stepRef, task: z.string(), step: z.string() })),
  status,
  processes: z.array(z.object({ step: z.string(), pid: z.number(), startTime: z.string() })),
  cancelled: z.object({ by: z.string(), why: z.string() }).exactOptional(),
});
