import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskSpec } from '../core/pipeline/pipeline-run.ts';

/** Bytes of what a step can tell its pod: https://tekton.dev/docs/pipelines/tasks/#emitting-results */
export const RESULTS_LIMIT = 4096;

/** Tekton's entrypoint tells the results as JSON, with the time when the step began. */
function messageSize(results: ReadonlyMap<string, string>): number {
  const entries = [...results].map(([key, value]) => ({ key, value, type: 1 }));
  const startedAt = { key: 'StartedAt', value: '2006-01-02T15:04:05.000Z', type: 3 };
  return Buffer.byteLength(JSON.stringify([...entries, startedAt]));
}

/** What the steps of a task have written so far. */
export interface WrittenResults {
  /** Verbatim. */
  readonly values: ReadonlyMap<string, string>;
  /** Bytes of the message that tells them; 0 without any. */
  readonly size: number;
  /** The first whose place a folder takes, which fails a step. */
  readonly folder: string | null;
}

/** Reads results. Only plain files count: a step could have put a link or a pipe in their place. */
export async function readResults(directory: string, names: readonly string[]): Promise<WrittenResults> {
  const values = new Map<string, string>();
  let folder: string | null = null;
  for (const name of names) {
    const content = await readPlainFile(join(directory, name));
    if (content === 'folder') folder ??= name;
    else if (content !== null) values.set(name, content.toString('utf8'));
  }
  return { values, size: values.size === 0 ? 0 : messageSize(values), folder };
}

/**
 * Bytes that a message may have before it is lost without a word: the kubelet divides what all containers of a pod may say, Tekton's
 * own included, which prepare the pod, lay out scripts and make working directories.
 */
export function messageShare({ steps, sidecars = [] }: TaskSpec): number {
  const all = [...steps, ...sidecars];
  const scripts = all.some(({ script = '' }) => script !== '') ? 1 : 0;
  const workingDirs = all.some(({ workingDir }) => workingDir !== undefined) ? 1 : 0;
  return Math.floor(MESSAGES_LIMIT / (all.length + 1 + scripts + workingDirs));
}

/** https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
const MESSAGES_LIMIT = 12_288;

async function readPlainFile(path: string): Promise<Buffer | 'folder' | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => null);
  if (file === null) return null;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return stats.isDirectory() ? 'folder' : null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(RESULTS_LIMIT + 1), 0, RESULTS_LIMIT + 1, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
