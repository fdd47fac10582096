import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import { type Condition, readCondition } from './condition.ts';
import { dateField, field, listField, textField } from './fields.ts';
import { type ImageResults, readImageResults } from './image-results.ts';
import { parseEnd, type Remembered } from './remembered-cause.ts';

/** What a status needs of a PipelineRun. */
export interface PipelineRunRecord {
  readonly createdAt: Date;
  /** Absent until Tekton has seen it, and while it is pending. */
  readonly startedAt?: Date;
  /** Absent while it is pending, and when somebody else let it go. */
  readonly releasedAt?: Date;
  readonly completedAt?: Date;
  /** `spec.status`: `PipelineRunPending`, `Cancelled`, …; empty for a run that is to run. */
  readonly wanted: string;
  readonly condition: Condition | null;
  /** Tekton says that it made a TaskRun or CustomRun, whether those were seen or not. */
  readonly hasChildren: boolean;
  /** Names of the pipeline tasks that will not run. */
  readonly skipped: readonly string[];
  readonly results: ImageResults;
  /** What the engine wrote on it: who cancelled it, or what only a pod told that is gone. */
  readonly remembered?: Remembered;
}

/** Takes an object in any state. https://tekton.dev/docs/pipelines/pipelineruns/#monitoring-execution-status */
export function reducePipelineRun(object: unknown): PipelineRunRecord {
  const startedAt = dateField(object, 'status', 'startTime');
  const releasedAt = dateField(object, 'metadata', 'annotations', ANNOTATION.released);
  const completedAt = dateField(object, 'status', 'completionTime');
  const remembered = parseEnd(field(object, 'metadata', 'annotations', ANNOTATION.cause));
  return {
    // The server always sets it.
    createdAt: dateField(object, 'metadata', 'creationTimestamp') ?? new Date(0),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(releasedAt === undefined ? {} : { releasedAt }),
    ...(completedAt === undefined ? {} : { completedAt }),
    wanted: textField(object, 'spec', 'status') ?? '',
    condition: readCondition(object, 'Succeeded'),
    hasChildren: listField(object, 'status', 'childReferences').length > 0,
    skipped: listField(object, 'status', 'skippedTasks').flatMap((task) => textField(task, 'name') ?? []),
    results: readImageResults(object, 'pipelineSpec'),
    ...(remembered === null ? {} : { remembered }),
  };
}
