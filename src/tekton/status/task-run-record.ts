import type { Blocked } from '../../core/pipeline/run-status.ts';
import { blockedContainer } from './blocked-container.ts';
import { type Condition, readCondition, shortMessage } from './condition.ts';
import { dateField, field, listField, numberField, textField } from './fields.ts';
import { type ImageResults, readImageResults } from './image-results.ts';

/** What a status needs of a TaskRun. */
export interface TaskRunRecord {
  readonly name: string;
  /** Name of its pipeline task. */
  readonly task: string;
  readonly createdAt: Date;
  readonly podName?: string;
  readonly condition: Condition | null;
  readonly completedAt?: Date;
  readonly steps: readonly StepRecord[];
  /** What its containers wait for, when that is not ordinary. */
  readonly waiting?: Blocked;
  /** The state that it was ended in from outside, which Tekton repeats in its message. */
  readonly previous?: PreviousState;
  /** It failed before, and was begun again. */
  readonly retried: boolean;
  readonly results: ImageResults;
}

export interface PreviousState {
  readonly reason: string;
  readonly message: string;
}

export interface StepRecord {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'ended';
  readonly exitCode: number;
  /** `Completed`, `Error`, `Skipped`, `Continued`, `TimeoutExceeded`, …: an open set; empty when nobody told. */
  readonly termination: string;
  /** Kubernetes' word for the container's end: `OOMKilled`. */
  readonly reason: string;
  /** Its image was there, so its container did begin. */
  readonly began: boolean;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
}

/** Takes an object in any state. https://tekton.dev/docs/pipelines/taskruns/#monitoring-execution-status */
export function reduceTaskRun(object: unknown): TaskRunRecord {
  const podName = textField(object, 'status', 'podName');
  const completedAt = dateField(object, 'status', 'completionTime');
  const condition = readCondition(object, 'Succeeded');
  const steps = listField(object, 'status', 'steps');
  const containers = [...steps, ...listField(object, 'status', 'sidecars')];
  const waiting = blockedContainer(containers.map((container) => field(container, 'waiting')));
  const previous = previousState(condition?.message);
  return {
    name: textField(object, 'metadata', 'name') ?? '',
    task: textField(object, 'metadata', 'labels', 'tekton.dev/pipelineTask') ?? '',
    // The server always sets it.
    createdAt: dateField(object, 'metadata', 'creationTimestamp') ?? new Date(0),
    ...(podName ? { podName } : {}),
    condition,
    ...(completedAt === undefined ? {} : { completedAt }),
    steps: steps.map(readStep),
    ...(waiting === undefined ? {} : { waiting }),
    ...(previous === null ? {} : { previous }),
    retried: listField(object, 'status', 'retriesStatus').length > 0,
    results: readImageResults(object, 'taskSpec'),
  };
}

function readStep(step: unknown): StepRecord {
  const ended = field(step, 'terminated');
  const running = field(step, 'running');
  const startedAt = dateField(ended ?? running, 'startedAt');
  const finishedAt = dateField(ended, 'finishedAt');
  return {
    name: textField(step, 'name') ?? '',
    state: ended !== undefined ? 'ended' : running !== undefined ? 'running' : 'waiting',
    exitCode: numberField(ended, 'exitCode') ?? 0,
    termination: textField(step, 'terminationReason') ?? '',
    reason: textField(ended, 'reason') ?? '',
    began: (textField(step, 'imageID') ?? '') !== '',
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

/** `TaskRun "x" was cancelled. …\nPrevious status: [PullImageFailed] build step …` */
function previousState(message: string | undefined): PreviousState | null {
  const [, reason, text] = /\nPrevious status: \[(\w+)\] (.*)/s.exec(message ?? '') ?? [];
  return reason === undefined ? null : { reason, message: shortMessage(text) };
}
