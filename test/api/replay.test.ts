import { describe, expect, test } from '@jest/globals';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import type { PipelineRun } from '../../src/core/pipeline/pipeline-run.ts';
import type { Run } from '../../src/core/pipeline/run.ts';
import type { RunStatus } from '../../src/core/pipeline/run-status.ts';
import {
  byObject,
  listAfter,
  play,
  readTrace,
  statusOf,
  TRACES,
  type Trace,
  type TraceEvent,
} from '../tekton/status/traces.ts';
import { until } from './control-plane.ts';
import {
  CREDENTIALS,
  createWorld,
  type KubeObject,
  runOf,
  type Watched,
  type World,
  watchEngine,
} from './world.ts';

/** Its recording stops in the middle, with a pod that a new one has taken the name of: nothing comes of it. */
const UNFINISHED = new Set(['pod-deleted']);
const FINISHED = TRACES.filter((name) => !UNFINISHED.has(name));

/** A way of hearing of a run. */
interface Hearing {
  /** The events in the order in which they happen. */
  readonly order: (events: readonly TraceEvent[]) => readonly TraceEvent[];
  /** Shares of the events after which an engine starts, which is not there before. */
  readonly starts: readonly number[];
  /** After so many events it lists all anew. */
  readonly againAfter: number;
}

const WHOLE: Hearing = {
  order: (events) => events,
  starts: [0],
  againAfter: Number.POSITIVE_INFINITY,
};

const HEARINGS: Readonly<Record<string, Hearing>> = {
  'from its beginning': WHOLE,
  'from the middle on': { ...WHOLE, starts: [0.25, 0.5, 0.75, 1] },
  'with its PipelineRun first': { ...WHOLE, order: (events) => byObject(events).flat() },
  'with its PipelineRun last': { ...WHOLE, order: (events) => byObject(events).toReversed().flat() },
  'again and again': { ...WHOLE, againAfter: 3 },
};

describe.each(Object.entries(HEARINGS))('a run that is heard of %s', (_, { order, starts, againAfter }) => {
  const created = createWorld();

  test.concurrent.each(FINISHED)('ends as it was recorded: %s', async (name) => {
    const world = await created;
    const trace = beginningNow(readTrace(name));
    const run = runOfTrace(name, trace, world.namespace);
    await world.engine().submit(run, CREDENTIALS);
    const events = order(trace.events);
    const hearers: Hearer[] = [];

    for (let index = 0; index <= events.length; index += 1) {
      const count = starts.filter((share) => Math.floor(share * events.length) === index).length;
      for (let each = 0; each < count; each += 1)
        hearers.push(await startHearer(world, { ...trace, events }, index));
      if (index % againAfter === againAfter - 1) await Promise.all(hearers.map((hearer) => hearer.again()));
      if (index < events.length) await playEvent(world, events[index]!, run);
    }
    await removePods(world, events);

    for (const { watched, expected, stop } of hearers) {
      const { status } = await watched.when(name, ({ status: { phase } }) => phase === expected?.phase);
      expect(timeless(status)).toEqual(timeless(expected));
      await stop();
    }
  });
});

/** An engine that starts when so many events have happened, and what it should come to know. */
interface Hearer {
  readonly watched: Watched;
  readonly expected: RunStatus | null;
  again(): Promise<void>;
  stop(): Promise<void>;
}

async function startHearer(world: World, { events, steps }: Trace, from: number): Promise<Hearer> {
  const engine = world.engine();
  const watched = await watchEngine(engine);
  await until(watched.listed, 'everything to be listed');
  return {
    watched,
    expected: statusOf(play(events.slice(from), play(listAfter(events.slice(0, from)))), steps),
    again: () => engine.catchUp(AbortSignal.timeout(20_000)),
    stop: () => watched.stop(),
  };
}

/** The server writes some times itself: the recorded ones have to fit them. */
function beginningNow({ events, ...trace }: Trace): Trace {
  const { metadata }: KubeObject = events[0]!.object;
  const ahead = Math.floor((Date.now() - Date.parse(metadata.creationTimestamp)) / 1000) * 1000;
  const moved = JSON.stringify(events).replace(/"(\d{4}-\d\d-\d\dT[\d:]{8})(\.\d+)?Z"/g, (_, second) =>
    JSON.stringify(new Date(Date.parse(`${second}Z`) + ahead).toISOString().replace('.000', '')),
  );
  return { ...trace, events: JSON.parse(moved) };
}

/** What a recording ends with: the pods of ended runs go. */
async function removePods(world: World, events: readonly TraceEvent[]): Promise<void> {
  const pods = events.filter(({ object }) => object.kind === 'Pod').map(({ object }) => object.metadata.name);
  for (const pod of new Set(pods)) {
    if ((await world.read('Pod', pod)) !== null) await world.delete('Pod', pod);
  }
}

/** A run that has the recorded tasks, so that Tekton's part can be played onto it. */
function runOfTrace(name: string, { events, steps }: Trace, namespace: string): Run {
  const recorded: KubeObject = events.find(({ object }) => object.kind === 'PipelineRun')?.object;
  const own = runOf('with-build', namespace, name);
  const annotations = { ...own.pipelineRun.metadata.annotations, [ANNOTATION.steps]: JSON.stringify(steps) };
  const { status: _, ...spec } = recorded.spec;
  const pipelineRun: PipelineRun = {
    ...own.pipelineRun,
    metadata: { ...own.pipelineRun.metadata, annotations },
    spec,
  };
  return { ...own, steps, pipelineRun };
}

/** Does to the server what the recorded Tekton did. */
async function playEvent(world: World, event: TraceEvent, run: Run): Promise<void> {
  const object: KubeObject = event.object;
  const { kind, metadata, spec, status } = object;
  const { name } = metadata;
  const labels = { ...run.pipelineRun.metadata.labels, ...metadata.labels };
  if (event.type === 'DELETED') {
    if ((await world.read(kind, name)) !== null) await world.delete(kind, name);
    return;
  }
  if (kind === 'PipelineRun') {
    await world.change(kind, name, { spec: { status: spec.status ?? null }, ...statusIn(status) });
    return;
  }
  if (event.type === 'ADDED' || (await world.read(kind, name)) === null) {
    const pod = { nodeName: 'node1', containers: [{ name: 'step-any', image: 'any' }] };
    await world.make(kind, {
      apiVersion: object.apiVersion,
      kind,
      metadata: { name, labels, annotations: metadata.annotations },
      spec: kind === 'Pod' ? pod : spec,
      ...statusIn(status),
    });
    return;
  }
  if (kind === 'Pod') {
    // Of a pod of a node only the mark is made: its node would have to say that it is gone.
    if (metadata.deletionTimestamp !== undefined) {
      await world.admin.request({
        method: 'DELETE',
        path: `/api/v1/namespaces/${world.namespace}/pods/${name}`,
      });
    }
    await world.change(kind, name, {
      metadata: { annotations: metadata.annotations ?? {} },
      ...statusIn(status),
    });
    return;
  }
  const { status: wanted = null } = spec;
  await world.change(kind, name, {
    spec: { status: wanted, statusMessage: spec.statusMessage },
    ...statusIn(status),
  });
}

function statusIn(status: object | undefined): object {
  return status === undefined ? {} : { status };
}

/** Without what only the time of the replay decides. */
function timeless(status: RunStatus | null): unknown {
  if (status === null || status.phase === 'done') return status;
  return { ...status, since: undefined, turns: undefined };
}
