import type { LogStore } from '../../app/ports.ts';
import type { LogMark } from '../../core/log-marks.ts';
import type { RunName, StepRef } from '../../core/pipeline/run.ts';

/** One step's log. */
export interface StepLog {
  /** Its bytes from `offset`. */
  read(offset?: number): AsyncIterable<Uint8Array>;
  marks(): Promise<readonly LogMark[]>;
}

/** What pages take of the log store. */
export type ReadableLogs = Pick<LogStore, 'read' | 'marks'>;

export function stepLog(logStore: ReadableLogs, name: RunName, step: StepRef): StepLog {
  return {
    read: (offset) => logStore.read(name, step, offset),
    marks: () => logStore.marks(name, step),
  };
}
