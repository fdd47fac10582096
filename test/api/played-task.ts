import { PODS, pathOf, TASK_RUNS } from '../../src/tekton/resources.ts';
import type { Kubelet } from './kubelet.ts';
import { change, childMetadata, condition, insist, now, type Place, removeNow } from './played-objects.ts';
import type { KubeObject } from './world.ts';

/** A step that runs now. */
export interface PlayedStep {
  readonly pipelineRun: KubeObject;
  readonly task: string;
  readonly step: string;
  readonly log: (line: string) => void;
}

/** What steps do: the exit code. */
export type StepScript = (step: PlayedStep) => number | Promise<number>;

/** What tasks are played with. */
export interface Stage extends Place {
  readonly kubelet: Kubelet;
  readonly script: StepScript;
}

/** How a task ends, or a run. */
export type End = 'Succeeded' | 'Failed' | 'Cancelled';

interface OfRun {
  readonly pipelineRun: KubeObject;
  readonly cancelled: AbortSignal;
}

/** Makes the TaskRun and its pod, and has its steps run one after the other. */
export async function playTask(stage: Stage, ofRun: OfRun, task: KubeObject): Promise<End> {
  const { namespace, kubelet } = stage;
  const { pipelineRun, cancelled } = ofRun;
  const metadata = childMetadata(pipelineRun, task.name);
  const podName = `${metadata.name}-pod`;
  const names: string[] = task.taskSpec.steps.map(({ name }: KubeObject) => name);
  const startedAt = now();
  const steps: KubeObject[] = names.map((name) => ({
    name,
    container: `step-${name}`,
    imageID: 'sha256:1',
    running: { startedAt },
  }));
  await insist(stage, {
    method: 'POST',
    path: pathOf(TASK_RUNS, namespace),
    body: { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', metadata, spec: { taskSpec: shortSpec(names) } },
  });
  await insist(stage, {
    method: 'POST',
    path: pathOf(PODS, namespace),
    body: {
      metadata: { ...metadata, name: podName, annotations: { 'tekton.dev/ready': 'READY' } },
      spec: {
        nodeName: kubelet.node,
        containers: names.map((name) => ({ name: `step-${name}`, image: 'any' })),
      },
    },
  });
  const tell = (status: object) =>
    change(stage, TASK_RUNS, metadata.name, { podName, startTime: startedAt, steps, ...status });
  await change(stage, PODS, podName, { phase: 'Running' });
  await tell({ conditions: [condition('Unknown', 'Running')] });
  let end: End = 'Succeeded';
  for (const [index, name] of names.entries()) {
    const code = end === 'Succeeded' ? await playStep(stage, ofRun, { podName, task: task.name, name }) : 1;
    if (code === null || cancelled.aborted)
      return endCancelled(stage, { name: metadata.name, podName, steps, index });
    const left = end === 'Failed';
    const reason = code === 0 ? 'Completed' : 'Error';
    steps[index] = {
      ...steps[index],
      running: undefined,
      terminationReason: left ? 'Skipped' : reason,
      terminated: { exitCode: code, reason, startedAt, finishedAt: now() },
    };
    if (code !== 0) end = 'Failed';
    if (!left) await tell({ conditions: [condition('Unknown', 'Running')] });
  }
  const succeeded = end === 'Succeeded';
  await tell({ completionTime: now(), conditions: [condition(succeeded ? 'True' : 'False', end)] });
  await change(stage, PODS, podName, { phase: end });
  return end;
}

/** The exit code; null for a step that was cancelled. */
async function playStep(
  { kubelet, script, signal }: Stage,
  { pipelineRun, cancelled }: OfRun,
  { podName, task, name }: { readonly podName: string; readonly task: string; readonly name: string },
): Promise<number | null> {
  const log = kubelet.log(podName, `step-${name}`);
  const write = (line: string) => log.write(`${new Date().toISOString().slice(0, -1)}000000Z`, line);
  const aborted = new Promise<null>((resolve) => {
    for (const each of [signal, cancelled]) {
      if (each.aborted) resolve(null);
      each.addEventListener('abort', () => resolve(null), { once: true });
    }
  });
  try {
    return await Promise.race([script({ pipelineRun, task, step: name, log: write }), aborted]);
  } finally {
    log.end();
  }
}

interface CutOff {
  readonly name: string;
  readonly podName: string;
  readonly steps: readonly KubeObject[];
  /** The step that ran. */
  readonly index: number;
}

async function endCancelled(stage: Stage, { name, podName, steps, index }: CutOff): Promise<End> {
  const cut = steps.map((step, at) =>
    at < index
      ? step
      : {
          ...step,
          running: undefined,
          terminationReason: 'TaskRunCancelled',
          terminated: { exitCode: 1, reason: 'TaskRunCancelled', startedAt: now(), finishedAt: now() },
        },
  );
  await change(stage, TASK_RUNS, name, {
    completionTime: now(),
    steps: cut,
    conditions: [condition('False', 'TaskRunCancelled')],
  });
  await removeNow(stage, PODS, podName);
  return 'Cancelled';
}

function shortSpec(names: readonly string[]): object {
  return { steps: names.map((name) => ({ name, image: 'any' })) };
}
