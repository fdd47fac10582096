import { z } from 'zod';
import type { TurnVerdict } from '../app/ports.ts';
import { cancelledSchema, infrastructureSchema } from '../core/pipeline/cause-schema.ts';
import { type PlacedStep, type RunName, STAGES } from '../core/pipeline/run.ts';
import type { RunStatus } from '../core/pipeline/run-status.ts';
import type { ProcessRecord } from './runtime.ts';
import type { TaskOutcome } from './task-outcome.ts';

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
  /** When its slot was given to it. */
  readonly startedAt?: Date;
  /** The tasks that have begun, and, for a run that may be taken up again, how those that have ended did. */
  readonly tasks: Readonly<Record<string, TaskOutcome | { readonly state: 'running' }>>;
  /** The turns that have begun, by their task. */
  readonly turns: Readonly<Record<string, StoredTurn>>;
  /** Processes that may be alive, with the id of their step. */
  readonly processes: readonly (ProcessRecord & { readonly step: string })[];
  /** How often it began anew, since its engine had ended. */
  readonly restarts: number;
  /** Asked for, not necessarily done. */
  readonly cancelled?: { readonly by: string; readonly why: string };
}

export interface StoredTurn {
  readonly target: string;
  readonly since: Date;
  /** Absent while it waits. */
  readonly verdict?: TurnVerdict;
}

/** Whether a run has ended for good. */
export function isDone(run: StoredRun): boolean {
  return run.status.phase === 'done';
}

/** Whether a run has begun and nothing of it runs but turns: it can go on in another engine. */
export function onlyWaits({ status, tasks, turns, cancelled }: StoredRun): boolean {
  const works = Object.values(tasks).some(({ state }) => state === 'running');
  return status.phase === 'running' && Object.keys(turns).length > 0 && !works && cancelled === undefined;
}

/** A run that ends its engine each time must not do so for ever. */
const MOST_RESTARTS = 3;

/** Whether a run that its engine left behind begins anew: nobody cancelled it, and nothing would be deployed twice. */
export function mayBeginAnew({ status, cancelled, restarts }: StoredRun): boolean {
  const deploys =
    status.phase === 'running' &&
    status.steps.some(({ stage, startedAt }) => stage === 'deploy' && startedAt !== undefined);
  return cancelled === undefined && !deploys && restarts < MOST_RESTARTS;
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
  cancelledSchema,
  infrastructureSchema,
]);
const status = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('pending'), ahead: z.number() }),
  z.object({
    phase: z.literal('starting'),
    since: date,
    blocked: z.object({ reason: z.string(), detail: z.string() }).exactOptional(),
  }),
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
const verdict = z.discriminatedUnion('go', [
  z.object({ go: z.literal('yes') }),
  z.object({ go: z.literal('no'), reason: z.string() }),
]);
const results = z.record(z.string(), z.string());
const task = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running') }),
  z.object({ state: z.literal('succeeded'), results }),
  z.object({ state: z.literal('failed'), results, cause, ignored: z.boolean() }),
  z.object({ state: z.literal('skipped'), because: z.enum(['when', 'results', 'parent', 'stopping']) }),
]);
const storedRunSchema = z.object({
  name: z.string(),
  sequence: z.number(),
  uid: z.string(),
  createdAt: date,
  annotations: z.record(z.string(), z.string()),
  steps: z.array(z.object({ ...stepRef, task: z.string(), step: z.string() })),
  status,
  startedAt: date.exactOptional(),
  tasks: z.record(z.string(), task).default({}),
  turns: z
    .record(z.string(), z.object({ target: z.string(), since: date, verdict: verdict.exactOptional() }))
    .default({}),
  processes: z.array(z.object({ step: z.string(), pid: z.number(), startTime: z.string() })),
  restarts: z.number().default(0),
  cancelled: z.object({ by: z.string(), why: z.string() }).exactOptional(),
});
