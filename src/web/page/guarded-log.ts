import type { StepLog } from '../log/step-log.ts';

/** Ends where reading fails, so that what was begun on the page is closed. */
export function guardedLog(log: StepLog, onError: (error: unknown) => void): StepLog {
  return {
    async *read(offset) {
      try {
        yield* log.read(offset);
      } catch (error) {
        onError(error);
      }
    },
    async marks() {
      try {
        return await log.marks();
      } catch (error) {
        onError(error);
        return [];
      }
    },
  };
}
