import type { Clock, LogChunk } from '../app/ports.ts';
import type { StepState } from '../core/pipeline/run-status.ts';
import type { KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import { createLogPosition, type LogPosition } from './log-position.ts';
import { type LinePiece, readLines } from './read-lines.ts';
import { PODS, pathOf } from './resources.ts';

/** Where a step is now. */
export interface StepPlace {
  readonly namespace: string;
  /** Null while it has none. */
  readonly pod: string | null;
  readonly container: string;
  readonly state: StepState;
}

export interface FollowLogOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Null for a step of a run that is not known, or not any more. */
  readonly place: () => StepPlace | null;
  /** Resolves when something about the run changed; rejects when the signal is aborted. */
  readonly changed: (signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Bytes of a line that are held back to give it whole. */
const LONGEST_LINE = 64 * 1024;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;
const SILENT_SECONDS = 3;
/** Reads of an ended step's log that may be refused in a row, since its node may be gone for good, or that may bring something. */
const LAST_READS = 8;

/**
 * Follows a step's log from its beginning until the step has ended, over lost connections and without a line twice. Empty for a step
 * that never ran. Rejects when the log of a step that has ended cannot be read.
 */
export async function* followLog(options: FollowLogOptions): AsyncGenerator<LogChunk> {
  try {
    yield* follow(options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}

async function* follow(options: FollowLogOptions): AsyncGenerator<LogChunk> {
  const reading: Reading = { position: createLogPosition(), failures: 0, refusals: 0, last: 0 };
  for (let step = await begun(options); step !== null; step = await begun(options)) {
    const over = step.state !== 'running';
    const error = yield* attempt(options, step, reading);
    if (over && isRead(reading, error)) return;
    if (over && reading.refusals >= LAST_READS) throw error;
    if (reading.failures > 0) await pause(options, over, reading.failures);
  }
}

/** Whether a read that began after the step had ended was the last one: what it brought new may have been cut off as well. */
function isRead(reading: Reading, error: unknown): boolean {
  if (error !== null) return isGone(error);
  reading.last += 1;
  return reading.failures > 0 || reading.last >= LAST_READS;
}

interface Reading {
  readonly position: LogPosition;
  /** Reads in a row that brought nothing. */
  failures: number;
  /** Of those, the ones that the server answered with a refusal: one that does not answer at all says nothing about the log. */
  refusals: number;
  /** Complete reads since the step has ended. */
  last: number;
}

/** Waits until the step has begun; null when it never will, or never did. */
async function begun({ place, changed, signal }: FollowLogOptions): Promise<StepPlace | null> {
  for (;;) {
    signal.throwIfAborted();
    const step = place();
    if (step === null || step.state === 'skipped') return null;
    if (step.state !== 'waiting' && step.pod !== null) return step;
    if (step.state === 'succeeded' || step.state === 'failed') return null;
    await changed(signal);
  }
}

/** Returns what went wrong, null for a log that was read to its end. */
async function* attempt(
  options: FollowLogOptions,
  step: StepPlace,
  reading: Reading,
): AsyncGenerator<LogChunk, unknown> {
  reading.failures += 1;
  try {
    for await (const chunk of read(options, step, reading.position)) {
      reading.failures = 0;
      reading.refusals = 0;
      yield chunk;
    }
    return null;
  } catch (error) {
    if (statusOf(error) !== null) reading.refusals += 1;
    return error;
  }
}

/** 404: the pod is gone. 400: the container never was. */
function isGone(error: unknown): boolean {
  return statusOf(error) === 404 || statusOf(error) === 400;
}

async function* read(
  { client, clock, signal, place }: FollowLogOptions,
  { namespace, pod, container, state }: StepPlace,
  position: LogPosition,
): AsyncGenerator<LogChunk> {
  const query = {
    container,
    follow: state === 'running',
    timestamps: true,
    sinceTime: position.resume(),
  };
  const silence = abortWhenSilent(() => place()?.state !== 'running');
  try {
    const until = AbortSignal.any([signal, silence.signal]);
    const stream = await client.open(pathOf(PODS, namespace, pod ?? '', 'log'), query, until);
    for await (const pieces of readLines(stream, LONGEST_LINE)) {
      silence.heard();
      yield* bySecond(pieces, position, clock);
    }
  } finally {
    silence.stop();
  }
}

/** What was written in one second comes together: what is read at once may have been written over hours. */
function* bySecond(
  pieces: readonly LinePiece[],
  position: LogPosition,
  clock: Pick<Clock, 'now'>,
): Generator<LogChunk> {
  let together: Uint8Array[] = [];
  let at = position.at() ?? clock.now();
  for (const piece of pieces) {
    const bytes = position.take(piece);
    const now = position.at() ?? at;
    if (together.length > 0 && secondOf(now) !== secondOf(at)) {
      yield { at, bytes: Buffer.concat(together) };
      together = [];
    }
    if (bytes.length > 0) together.push(bytes);
    at = now;
  }
  if (together.length > 0) yield { at, bytes: Buffer.concat(together) };
}

function secondOf(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

/** Kubernetes does not always end the log of a pod that was deleted: what says nothing more after the step's end is ended by us. */
function abortWhenSilent(isOver: () => boolean) {
  const controller = new AbortController();
  let silentFor = 0;
  const timer = setInterval(() => {
    silentFor = isOver() ? silentFor + 1 : 0;
    if (silentFor > SILENT_SECONDS) controller.abort(new Error('The log fell silent'));
  }, 1000);
  return {
    signal: controller.signal,
    heard() {
      silentFor = 0;
    },
    stop: () => clearInterval(timer),
  };
}

/** A step that goes on is looked at again as soon as anything is heard of its run. */
async function pause({ clock, changed, signal }: FollowLogOptions, over: boolean, failures: number) {
  const milliseconds = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
  if (over) return clock.sleep(milliseconds, signal);
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  try {
    await Promise.race([clock.sleep(milliseconds, either), changed(either)]);
  } finally {
    enough.abort();
  }
}
