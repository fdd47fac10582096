import { z } from 'zod';
import type { ObservedRun } from '../app/ports.ts';
import { ANNOTATION } from '../core/pipeline/annotations.ts';
import type { PlacedStep, RunName } from '../core/pipeline/run.ts';
import type { RunStatus } from '../core/pipeline/run-status.ts';
import { field, listField, textField } from './status/fields.ts';
import { EMPTY_RECORD, observe, type RunRecord, type Sighting } from './status/run-record.ts';
import { runStatus } from './status/run-status.ts';
import { readTurn, type TurnFacts } from './turn-facts.ts';

/** What is kept in memory of one run. */
export interface RunEntry {
  readonly name: RunName;
  readonly namespace: string;
  readonly record: RunRecord;
  /** Of the PipelineRun; null before it was seen. */
  readonly own: OwnFacts | null;
  /** Names of the TaskRuns and CustomRuns that were seen. */
  readonly children: ReadonlySet<string>;
  readonly pods: ReadonlyMap<string, PodLife>;
  /** By name of the CustomRun. */
  readonly turns: ReadonlyMap<string, TurnFacts>;
}

interface OwnFacts {
  readonly uid: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly steps: readonly PlacedStep[];
  /** Names of the TaskRuns and CustomRuns that Tekton says it made. */
  readonly made: readonly string[];
}

/** A pod that runs, one that is being deleted and may still run, and one that has ended. */
type PodLife = 'runs' | 'goes' | 'ended';

export function newEntry(name: RunName, namespace: string): RunEntry {
  return {
    name,
    namespace,
    record: EMPTY_RECORD,
    own: null,
    children: new Set(),
    pods: new Map(),
    turns: new Map(),
  };
}

/** The entry with what was seen now. */
export function withSighting(entry: RunEntry, sighting: Sighting): RunEntry {
  const { kind, object, deleted = false } = sighting;
  const name = textField(object, 'metadata', 'name') ?? '';
  const seen = { ...entry, record: observe(entry.record, sighting) };
  switch (kind) {
    case 'PipelineRun':
      return { ...seen, own: deleted ? null : readOwn(object) };
    case 'TaskRun':
      return { ...seen, children: new Set([...entry.children, name]) };
    case 'CustomRun': {
      const turn = deleted ? null : readTurn(object);
      return { ...seen, children: new Set([...entry.children, name]), turns: put(entry.turns, name, turn) };
    }
    case 'Pod':
      return withPod(seen, name, deleted ? null : lifeOf(object));
  }
}

/** A pod that went while nobody looked: what it told last still counts. */
export function withPod(entry: RunEntry, name: string, life: PodLife | null): RunEntry {
  return { ...entry, pods: put(entry.pods, name, life) };
}

/** Nothing is known of it, or of its pods alone. */
export function isForgettable({ own, record }: RunEntry): boolean {
  return own === null && record.taskRuns.size === 0 && record.customRuns.size === 0;
}

/** Milliseconds after its end that a run is held back at most: a pod of a lost node is never seen to end. */
const HOLD_MS = 120_000;

/**
 * What is to be told of the run; null before its PipelineRun was seen, and while it has ended but its pods have not, or not all of its
 * tasks were seen: only then its place is free, and only then its cause is known.
 */
export function observedRun(entry: RunEntry, now: Date): ObservedRun | null {
  const { name, own, record } = entry;
  if (own === null || record.pipelineRun === null) return null;
  const status = runStatus(record, { steps: own.steps, ahead: 0, now });
  if (status === null || isHeld(entry, status, now)) return null;
  return { name, annotations: own.annotations, createdAt: record.pipelineRun.createdAt, status };
}

function isHeld({ own, children, pods }: RunEntry, status: RunStatus, now: Date): boolean {
  if (status.phase !== 'done' || now.getTime() - status.finishedAt.getTime() > HOLD_MS) return false;
  if (own?.made.some((name) => !children.has(name)) === true) return true;
  const wasStopped = status.verdict === 'cancelled' || status.verdict === 'timed-out';
  return [...pods.values()].some((life) => life === 'goes' || (life === 'runs' && wasStopped));
}

function readOwn(object: unknown): OwnFacts {
  const annotations = annotationsSchema.safeParse(field(object, 'metadata', 'annotations')).data ?? {};
  return {
    uid: textField(object, 'metadata', 'uid') ?? '',
    annotations,
    steps: readSteps(annotations[ANNOTATION.steps]),
    made: listField(object, 'status', 'childReferences').flatMap((child) => textField(child, 'name') ?? []),
  };
}

const annotationsSchema = z.record(z.string(), z.string());

/** People can edit annotations: what cannot be read is no step. */
function readSteps(text: string | undefined): readonly PlacedStep[] {
  try {
    const steps = stepsSchema.safeParse(JSON.parse(text ?? '[]')).data ?? [];
    return steps.map(({ variant, ...step }) => (variant === undefined ? step : { ...step, variant }));
  } catch {
    return [];
  }
}

const stepsSchema = z.array(
  z.object({
    stage: z.enum(['clone', 'test', 'build', 'image', 'deploy']),
    variant: z.string().optional(),
    task: z.string(),
    step: z.string(),
  }),
);

function lifeOf(object: unknown): PodLife {
  const phase = textField(object, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed') return 'ended';
  return field(object, 'metadata', 'deletionTimestamp') === undefined ? 'runs' : 'goes';
}

function put<T>(map: ReadonlyMap<string, T>, name: string, value: T | null): ReadonlyMap<string, T> {
  const changed = new Map(map);
  if (value === null) changed.delete(name);
  else changed.set(name, value);
  return changed;
}
