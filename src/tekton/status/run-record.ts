import type { RunName } from '../../core/pipeline/run.ts';
import { type CustomRunRecord, reduceCustomRun } from './custom-run-record.ts';
import { textField } from './fields.ts';
import { type PipelineRunRecord, reducePipelineRun } from './pipeline-run-record.ts';
import { type PodRecord, reducePod } from './pod-record.ts';
import { reduceTaskRun, type TaskRunRecord } from './task-run-record.ts';

/** What is kept in memory of one run: of each of its objects what was seen last, reduced. */
export interface RunRecord {
  readonly pipelineRun: PipelineRunRecord | null;
  readonly taskRuns: ReadonlyMap<string, TaskRunRecord>;
  readonly customRuns: ReadonlyMap<string, CustomRunRecord>;
  /** By name. They stay when the pod is gone: what a pod told is told by nothing else. */
  readonly pods: ReadonlyMap<string, PodRecord>;
}

export type ObservedKind = 'PipelineRun' | 'TaskRun' | 'CustomRun' | 'Pod';

/** An object as a list or a watch shows it, in any state; lists of Kubernetes leave `kind` out. */
export interface Sighting {
  readonly kind: ObservedKind;
  readonly object: unknown;
  /** It was deleted: the object is the last that was known of it. */
  readonly deleted?: boolean;
}

export const EMPTY_RECORD: RunRecord = {
  pipelineRun: null,
  taskRuns: new Map(),
  customRuns: new Map(),
  pods: new Map(),
};

/** The record with what was seen now. Objects of different names may come in any order, and more than once. */
export function observe(record: RunRecord, { kind, object, deleted = false }: Sighting): RunRecord {
  const name = textField(object, 'metadata', 'name') ?? '';
  switch (kind) {
    case 'PipelineRun':
      return { ...record, pipelineRun: deleted ? null : reducePipelineRun(object) };
    case 'TaskRun':
      return { ...record, taskRuns: put(record.taskRuns, name, deleted ? null : reduceTaskRun(object)) };
    case 'CustomRun':
      return {
        ...record,
        customRuns: put(record.customRuns, name, deleted ? null : reduceCustomRun(object)),
      };
    case 'Pod':
      return { ...record, pods: put(record.pods, name, reducePod(object, record.pods.get(name))) };
  }
}

/** The run that an object belongs to; null when it belongs to none. */
export function runNameOf({ kind, object }: Sighting): RunName | null {
  if (kind === 'PipelineRun') return textField(object, 'metadata', 'name') ?? null;
  return textField(object, 'metadata', 'labels', 'tekton.dev/pipelineRun') ?? null;
}

function put<T>(map: ReadonlyMap<string, T>, name: string, value: T | null): ReadonlyMap<string, T> {
  const changed = new Map(map);
  if (value === null) changed.delete(name);
  else changed.set(name, value);
  return changed;
}
