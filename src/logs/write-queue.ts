import PQueue from 'p-queue';

/** Runs writes of one key one after the other, in the order they were asked for, and different keys side by side. */
export interface WriteQueue {
  add<T>(key: string, write: () => Promise<T>): Promise<T>;
  /** Resolves once nothing is left to write. */
  idle(): Promise<void>;
}

/** `concurrency` bounds the writes, and so the open files, over all keys. A failed write does not hold up the next. */
export function createWriteQueue(concurrency: number): WriteQueue {
  const slots = new PQueue({ concurrency });
  const last = new Map<string, Promise<void>>();

  return {
    add(key, write) {
      const before = last.get(key) ?? Promise.resolve();
      const result = before.then(() => slots.add(write));
      const settled = result
        .then(undefined, () => {})
        .then(() => {
          if (last.get(key) === settled) last.delete(key);
        });
      last.set(key, settled);
      return result;
    },
    async idle() {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}
