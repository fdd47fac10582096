import { readdirSync, readFileSync } from 'node:fs';
import type { PlacedStep, Stage } from '../../../src/core/pipeline/run.ts';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import {
  EMPTY_RECORD,
  type ObservedKind,
  observe,
  type RunRecord,
} from '../../../src/tekton/status/run-record.ts';
import { runStatus } from '../../../src/tekton/status/run-status.ts';

/** One event of a watch, as it was recorded of a real Tekton. */
export interface TraceEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: TraceObject;
}

interface TraceObject {
  readonly kind: ObservedKind;
  readonly metadata: { readonly name: string };
}

export interface Trace {
  readonly events: readonly TraceEvent[];
  readonly steps: readonly PlacedStep[];
}

const FOLDER = new URL('../../fixtures/traces/', import.meta.url);

export const TRACES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => name.slice(0, -'.jsonl'.length))
  .sort();

export function readTrace(name: string): Trace {
  const lines = readFileSync(new URL(`${name}.jsonl`, FOLDER), 'utf8')
    .trimEnd()
    .split('\n');
  const events = lines.map((line): TraceEvent => JSON.parse(line));
  return { events, steps: placedSteps(events) };
}

/** The record that these events make of what was known. */
export function play(events: readonly TraceEvent[], known: RunRecord = EMPTY_RECORD): RunRecord {
  return events.reduce(
    (record, { type, object }) => observe(record, { kind: object.kind, object, deleted: type === 'DELETED' }),
    known,
  );
}

export function statusOf(record: RunRecord, steps: readonly PlacedStep[]): RunStatus | null {
  return runStatus(record, { steps, ahead: 0, now: new Date(0) });
}

/** What a list shows after these events: each object that is there, once. */
export function listAfter(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const latest = new Map(events.map((event) => [objectOf(event), event]));
  return [...latest.values()].filter(({ type }) => type !== 'DELETED');
}

/** The events of each object, in their order. */
export function byObject(events: readonly TraceEvent[]): readonly (readonly TraceEvent[])[] {
  return [...Map.groupBy(events, objectOf).values()];
}

function objectOf({ object }: TraceEvent): string {
  return `${object.kind} ${object.metadata.name}`;
}

/** Names of recorded steps that are not their stage: others are named for it, or alone in a task that is. */
const STAGE_OF: Readonly<Record<string, Stage>> = {
  one: 'clone',
  two: 'test',
  three: 'build',
  after: 'build',
};

interface RecordedTask {
  readonly name: string;
  readonly taskSpec?: { readonly steps: readonly { readonly name: string }[] };
}

function placedSteps(events: readonly TraceEvent[]): readonly PlacedStep[] {
  const pipelineRun = events.find(({ object }) => object.kind === 'PipelineRun')?.object as unknown as {
    spec: { pipelineSpec: { tasks: readonly RecordedTask[] } };
  };
  return pipelineRun.spec.pipelineSpec.tasks.flatMap(({ name: task, taskSpec }) =>
    (taskSpec?.steps ?? []).map(({ name: step }) => {
      const [stage = '', ...variant] = task.split('-');
      return {
        stage: STAGE_OF[step] ?? ((step === 'run' ? stage : step) as Stage),
        ...(variant.length === 0 ? {} : { variant: variant.join('.') }),
        task,
        step,
      };
    }),
  );
}
