import { readLines } from '../../src/tekton/read-lines.ts';
import {
  CUSTOM_RUNS,
  MERGE_PATCH,
  OBSERVED,
  PIPELINE_RUNS,
  pathOf,
  SECRETS,
} from '../../src/tekton/resources.ts';
import { hasEnded, readCondition } from '../../src/tekton/status/condition.ts';
import {
  change,
  childMetadata,
  condition,
  insist,
  now,
  type Place,
  pause,
  RETRY_MS,
  removeNow,
} from './played-objects.ts';
import { type End, type PlayedStep, playTask, type Stage, type StepScript } from './played-task.ts';
import type { KubeObject } from './world.ts';

/** Plays the controllers of Tekton, the nodes and the garbage collector in one namespace. */
export interface PlayedTekton {
  /** Every step from now on does that; without it each says its name and exits with 0. */
  run(script: StepScript): void;
  close(): Promise<void>;
}

export type PlayOptions = Omit<Stage, 'script' | 'signal'>;

interface Playing extends PlayOptions, Place {
  script: StepScript;
  /** By name, as they were seen last. */
  readonly runs: Map<string, KubeObject>;
  readonly begun: Set<string>;
  readonly cancels: Map<string, AbortController>;
}

/** Starts at once; outlives every outage of the API server. */
export function playTekton(options: PlayOptions): PlayedTekton {
  const stopped = new AbortController();
  const playing: Playing = {
    ...options,
    script: sayAndSucceed,
    signal: stopped.signal,
    runs: new Map(),
    begun: new Set(),
    cancels: new Map(),
  };
  const following = follow(playing);
  return {
    run(script) {
      playing.script = script;
    },
    async close() {
      stopped.abort();
      await following;
    },
  };
}

function sayAndSucceed({ task, step, log }: PlayedStep): number {
  log(`${task} ${step} says hello`);
  return 0;
}

async function follow(playing: Playing): Promise<void> {
  const { admin, namespace, signal } = playing;
  const path = pathOf(PIPELINE_RUNS, namespace);
  while (!signal.aborted) {
    try {
      const list: KubeObject = await admin.request({ method: 'GET', path });
      const names = new Set(list.items.map((item: KubeObject) => item.metadata.name));
      for (const item of list.items) see(playing, item);
      for (const [name, run] of playing.runs) if (!names.has(name)) await collect(playing, run);
      const { resourceVersion } = list.metadata;
      const stream = await admin.open(path, { watch: true, resourceVersion, timeoutSeconds: 60 }, signal);
      for await (const lines of readLines(stream)) {
        for (const { bytes } of lines) {
          const { type, object } = JSON.parse(bytes.toString());
          if (type === 'DELETED') await collect(playing, object);
          else if (type !== 'ERROR') see(playing, object);
        }
      }
    } catch {
      await pause(RETRY_MS);
    }
  }
}

function see(playing: Playing, pipelineRun: KubeObject): void {
  const { name } = pipelineRun.metadata;
  playing.runs.set(name, pipelineRun);
  const wanted: string = pipelineRun.spec.status ?? '';
  if (wanted === 'PipelineRunPending' || hasEnded(readCondition(pipelineRun, 'Succeeded'))) return;
  const cancel = playing.cancels.get(name) ?? new AbortController();
  playing.cancels.set(name, cancel);
  if (wanted.startsWith('Cancelled')) cancel.abort();
  if (playing.begun.has(name)) return;
  playing.begun.add(name);
  play(playing, pipelineRun, cancel.signal).catch((error: unknown) => {
    if (!playing.signal.aborted) console.error(`the played Tekton failed with ${name}`, error);
  });
}

/** Whatever is owned by something that is gone goes too. */
async function collect(playing: Playing, { metadata: { name, uid } }: KubeObject): Promise<void> {
  const { namespace } = playing;
  playing.runs.delete(name);
  for (const resource of [...OBSERVED, SECRETS]) {
    const query = resource === SECRETS ? {} : { labelSelector: `tekton.dev/pipelineRun=${name}` };
    const list = await insist(playing, { method: 'GET', path: pathOf(resource, namespace), query });
    for (const { metadata } of list?.items ?? []) {
      const isOwned = metadata.ownerReferences?.some((owner: KubeObject) => owner.uid === uid) ?? false;
      if (isOwned) await removeNow(playing, resource, metadata.name);
    }
  }
}

interface Progress {
  readonly pipelineRun: KubeObject;
  readonly cancelled: AbortSignal;
  readonly children: object[];
  readonly skipped: object[];
  /** The answers of turns, by the name of their task. */
  readonly answers: Map<string, string>;
}

async function play(playing: Playing, pipelineRun: KubeObject, cancelled: AbortSignal): Promise<void> {
  const progress: Progress = { pipelineRun, cancelled, children: [], skipped: [], answers: new Map() };
  const { name } = pipelineRun.metadata;
  const startTime = now();
  let end: End = cancelled.aborted ? 'Cancelled' : 'Succeeded';
  for (const task of pipelineRun.spec.pipelineSpec.tasks) {
    if (end !== 'Succeeded') break;
    if (isLeftOut(task, progress)) {
      progress.skipped.push({ name: task.name, reason: 'When Expressions evaluated to false' });
      continue;
    }
    const kind = task.taskRef === undefined ? 'TaskRun' : 'CustomRun';
    const apiVersion = kind === 'TaskRun' ? 'tekton.dev/v1' : 'tekton.dev/v1beta1';
    progress.children.push({ apiVersion, kind, name: `${name}-${task.name}`, pipelineTaskName: task.name });
    const running = condition('Unknown', 'Running');
    await change(playing, PIPELINE_RUNS, name, {
      startTime,
      conditions: [running],
      childReferences: progress.children,
    });
    end =
      kind === 'TaskRun' ? await playTask(playing, progress, task) : await playTurn(playing, progress, task);
  }
  const { children, skipped } = progress;
  await change(playing, PIPELINE_RUNS, name, {
    startTime,
    completionTime: now(),
    conditions: [condition(end === 'Succeeded' ? 'True' : 'False', end)],
    childReferences: children,
    ...(skipped.length > 0 && { skippedTasks: skipped }),
  });
}

/** Only turns are asked for. */
function isLeftOut({ when = [] }: KubeObject, { answers }: Progress): boolean {
  return when.some(({ input, values }: KubeObject) => {
    const [, turn] = /^\$\(tasks\.([\w.-]+)\.results\.go\)$/.exec(input) ?? [];
    return turn !== undefined && !values.includes(answers.get(turn));
  });
}

async function playTurn(playing: Playing, progress: Progress, task: KubeObject): Promise<End> {
  const { pipelineRun, cancelled, answers } = progress;
  const { namespace, signal } = playing;
  const metadata = childMetadata(pipelineRun, task.name);
  const { name } = metadata;
  await insist(playing, {
    method: 'POST',
    path: pathOf(CUSTOM_RUNS, namespace),
    body: {
      apiVersion: 'tekton.dev/v1beta1',
      kind: 'CustomRun',
      metadata,
      spec: { customRef: task.taskRef, params: task.params },
    },
  });
  let isAsked = false;
  while (!signal.aborted) {
    const path = pathOf(CUSTOM_RUNS, namespace, name);
    const turn = await insist(playing, { method: 'GET', path });
    const result = readCondition(turn, 'Succeeded');
    if (turn === null || hasEnded(result)) {
      if (result?.status !== 'True') return 'Cancelled';
      answers.set(task.name, turn.status.results[0].value);
      return 'Succeeded';
    }
    if (cancelled.aborted && !isAsked) {
      isAsked = true;
      await insist(playing, {
        method: 'PATCH',
        path,
        contentType: MERGE_PATCH,
        body: { spec: { status: 'RunCancelled', statusMessage: 'the PipelineRun was cancelled' } },
      });
    }
    await pause(RETRY_MS);
  }
  return 'Cancelled';
}
