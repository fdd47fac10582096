/** Counts the bytes that wait in memory to be stored, and holds back whoever brings more of them than there is room for. */
export interface HeldBytes {
  count(): number;
  add(bytes: number): void;
  free(bytes: number): void;
  /** Resolves once there is room again; rejects by the signal. */
  room(signal: AbortSignal): Promise<void>;
}

export function createHeldBytes(most: number): HeldBytes {
  let held = 0;
  let freed = Promise.withResolvers<void>();
  return {
    count: () => held,
    add(bytes) {
      held += bytes;
    },
    free(bytes) {
      held -= bytes;
      if (held > most) return;
      freed.resolve();
      freed = Promise.withResolvers();
    },
    async room(signal) {
      while (held > most) await orAborted(freed.promise, signal);
    },
  };
}

async function orAborted(event: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([event, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
