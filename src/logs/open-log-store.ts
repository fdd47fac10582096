import type { Clock, Log, LogStore } from '../app/ports.ts';
import { UserError } from '../core/user-error.ts';
import { createDiskLogStore } from './disk-log-store.ts';
import { createS3LogStore } from './s3-log-store.ts';
import { openS3Objects, type S3Address } from './s3-objects.ts';
import { createStoredBytes } from './stored-bytes.ts';

export interface OpenLogStoreOptions {
  /** Of what is kept on disk. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenedLogStore {
  readonly logStore: LogStore & {
    /** Resolves once what was accepted is stored, or the store has been gone for too long. */
    close(): Promise<void>;
  };
  /** Of all logs and reports; NaN for a bucket, which others count. */
  storedBytes(): Promise<number>;
}

/** `place` null is the disk. Rejects with a `UserError` when the bucket cannot be used; one that does not answer may do so later. */
export async function openLogStore(
  place: S3Address | null,
  { directory, clock, log }: OpenLogStoreOptions,
): Promise<OpenedLogStore> {
  if (place === null) {
    return { logStore: createDiskLogStore({ directory }), storedBytes: createStoredBytes(directory, clock) };
  }
  const objects = await openS3Objects(place);
  try {
    await objects.put('.tekton-ci', Buffer.from('Logs and reports of tekton-ci are kept here.\n'));
    await objects.list('.tekton-ci');
  } catch (err) {
    if (err instanceof UserError) throw err;
    log.warn({ err }, 'the log store does not answer');
  }
  return { logStore: createS3LogStore({ objects, clock, log }), storedBytes: async () => Number.NaN };
}
