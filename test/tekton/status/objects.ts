import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import type { PlacedStep } from '../../../src/core/pipeline/run.ts';
import { type ObservedKind, observe, type RunRecord } from '../../../src/tekton/status/run-record.ts';

const NOON = Date.UTC(2026, 10, 23, 12);

/** So many seconds after noon, as Kubernetes writes it. */
export function time(seconds: number): string {
  return new Date(NOON + seconds * 1000).toISOString().replace('.000', '');
}

export const STEPS: readonly PlacedStep[] = [
  { stage: 'test', task: 'ci', step: 'test' },
  { stage: 'build', task: 'ci', step: 'build' },
];

interface Verdict {
  readonly status: 'Unknown' | 'True' | 'False';
  readonly reason: string;
  readonly message?: string;
}

export function pipelineRun(
  verdict: Verdict,
  change: { wanted?: string; cause?: string; skipped?: string } = {},
): object {
  const { wanted, cause, skipped } = change;
  return {
    metadata: {
      name: 'run',
      creationTimestamp: time(0),
      ...(cause === undefined ? {} : { annotations: { [ANNOTATION.cause]: cause } }),
    },
    spec: wanted === undefined ? {} : { status: wanted },
    status: {
      startTime: time(0),
      ...(verdict.status === 'Unknown' ? {} : { completionTime: time(60) }),
      conditions: [{ type: 'Succeeded', ...verdict }],
      ...(skipped === undefined
        ? {}
        : { skippedTasks: [{ name: skipped, reason: 'PipelineRun was stopping' }] }),
    },
  };
}

/** The task `ci`, with this state of its steps. */
export function taskRun(verdict: Verdict, steps: readonly object[], change: object = {}): object {
  return {
    metadata: {
      name: 'run-ci',
      creationTimestamp: time(1),
      labels: { 'tekton.dev/pipelineRun': 'run', 'tekton.dev/pipelineTask': 'ci' },
    },
    status: {
      podName: 'run-ci-pod',
      ...(verdict.status === 'Unknown' ? {} : { completionTime: time(50) }),
      conditions: [{ type: 'Succeeded', ...verdict }],
      steps,
      ...change,
    },
  };
}

/** A step that ran from second 10 to 20, or however long is told. */
export function ended(
  name: string,
  exitCode: number,
  change: { termination?: string; reason?: string; at?: number } = {},
): object {
  const { termination = exitCode === 0 ? 'Completed' : 'Error', reason = termination, at = 20 } = change;
  return {
    name,
    imageID: 'sha256:1234',
    terminationReason: termination,
    terminated: { exitCode, reason, startedAt: time(10), finishedAt: time(at) },
  };
}

export function running(name: string): object {
  return { name, imageID: 'sha256:1234', running: { startedAt: time(10) } };
}

export function pod(
  uid: string,
  change: { readonly metadata?: object; readonly status?: object } = {},
): object {
  return {
    metadata: {
      name: 'run-ci-pod',
      uid,
      creationTimestamp: time(2),
      annotations: { 'tekton.dev/ready': 'READY' },
      labels: { 'tekton.dev/pipelineRun': 'run' },
      ...change.metadata,
    },
    status: { phase: 'Running', ...change.status },
  };
}

export function evicted(at: number): object {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'gone',
  };
  return { conditions: [{ ...condition, lastTransitionTime: time(at) }] };
}

/** The record of these objects, seen in this order. */
export function recordOf(
  record: RunRecord,
  ...seen: readonly (readonly [ObservedKind, object])[]
): RunRecord {
  return seen.reduce((known, [kind, object]) => observe(known, { kind, object }), record);
}
