import type { Clock, Log } from '../app/ports.ts';
import { TryLaterError } from '../app/ports.ts';
import { cureOf } from './cure.ts';
import type { KubeClient } from './kube-client.ts';
import { errorOfAnswer, statusOf } from './kube-error.ts';
import { readLines } from './read-lines.ts';
import { OURS, pathOf, type Resource } from './resources.ts';
import { field, listField, numberField, textField } from './status/fields.ts';

/** Told of the objects of one kind in one namespace. */
export interface ResourceSink {
  /** An object as it is now. */
  put(object: unknown): void;
  /** An object that was deleted, as it was last. */
  remove(object: unknown): void;
  /** All that there are were put; what has none of these names is gone. */
  listed(names: ReadonlySet<string>): void;
}

export interface FollowOptions {
  readonly client: KubeClient;
  readonly resource: Resource;
  readonly namespace: string;
  readonly sink: ResourceSink;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
  /** A connection that brings nothing for so long is dead: the server sends a bookmark each minute. */
  readonly silenceMs: number;
}

const PAGE = 500;
/** Seconds after which the server ends a watch; up to twice as many. */
const WATCH_SECONDS = 300;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;
/** Failures in a row that are no passing trouble any more. */
const OUTAGE = 4;

/** Where the watch goes on; no version: everything has to be listed again. */
interface Position {
  version: string | null;
  failures: number;
}

/**
 * Lists the objects of ours, then follows them; whatever happens it tries again, until the signal. A connection that ended is taken up
 * where it was; when the server does not remember that place any more (410), everything is listed again.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function followResource(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const position: Position = { version: null, failures: 0 };
  while (!signal.aborted) {
    try {
      position.version ??= await list(options, signal);
      await watch(options, position, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (statusOf(error) === 410) position.version = null;
      await waitAfter(error, options, position, signal);
    }
  }
}

async function list(
  { client, resource, namespace, sink }: FollowOptions,
  signal: AbortSignal,
): Promise<string> {
  const names = new Set<string>();
  let next: string | undefined;
  do {
    const page = await client.request({
      method: 'GET',
      path: pathOf(resource, namespace),
      query: { labelSelector: OURS, limit: PAGE, continue: next },
      signal,
    });
    for (const object of listField(page, 'items')) {
      sink.put(object);
      names.add(textField(object, 'metadata', 'name') ?? '');
    }
    next = textField(page, 'metadata', 'continue');
    if (!next) {
      sink.listed(names);
      return textField(page, 'metadata', 'resourceVersion') ?? '';
    }
  } while (!signal.aborted);
  throw signal.reason;
}

/** Resolves when the server ends the watch, having said something; rejects otherwise. */
async function watch(options: FollowOptions, position: Position, signal: AbortSignal): Promise<void> {
  const { client, resource, namespace, silenceMs, random } = options;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  let heard = false;
  try {
    const stream = await client.open(
      pathOf(resource, namespace),
      {
        watch: true,
        labelSelector: OURS,
        resourceVersion: position.version ?? undefined,
        allowWatchBookmarks: true,
        timeoutSeconds: Math.round(WATCH_SECONDS * (1 + random())),
      },
      AbortSignal.any([signal, silence.signal]),
    );
    for await (const lines of readLines(stream)) {
      timer.refresh();
      for (const { bytes, ends } of lines) if (ends) take(JSON.parse(bytes.toString()), options, position);
      heard = true;
      position.failures = 0;
    }
  } catch (error) {
    throw silence.signal.aborted ? new Error('The watch fell silent') : error;
  } finally {
    clearTimeout(timer);
  }
  if (!heard) throw new Error('The watch ended at once');
}

function take(event: unknown, { sink }: FollowOptions, position: Position): void {
  const object = field(event, 'object');
  const type = textField(event, 'type');
  if (type === 'ERROR') {
    throw errorOfAnswer('watch', numberField(object, 'code') ?? 500, JSON.stringify(object));
  }
  position.version = textField(object, 'metadata', 'resourceVersion') ?? position.version;
  if (type === 'ADDED' || type === 'MODIFIED') sink.put(object);
  if (type === 'DELETED') sink.remove(object);
}

async function waitAfter(
  error: unknown,
  { clock, log, random, resource, namespace }: FollowOptions,
  position: Position,
  signal: AbortSignal,
): Promise<void> {
  position.failures += 1;
  const own = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (position.failures - 1)) * (0.5 + random());
  const milliseconds = error instanceof TryLaterError ? Math.max(own, error.retryAfterSeconds * 1000) : own;
  const cure = cureOf(error, resource, namespace);
  const fields = { err: error, resource: resource.plural, namespace, failures: position.failures };
  if (cure !== null) log.error({ ...fields, cure }, 'the runs of a namespace cannot be followed');
  else if (position.failures >= OUTAGE)
    log.warn(fields, 'the runs of a namespace cannot be followed for now');
  else log.debug(fields, 'watch interrupted, goes on');
  await clock.sleep(milliseconds, signal).catch(() => {});
}
