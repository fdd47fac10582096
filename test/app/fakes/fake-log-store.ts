import type { LogStore, Report } from '../../../src/app/ports.ts';
import type { RunName, StepRef } from '../../../src/core/pipeline/run.ts';
import { stepLabel } from '../../../src/core/report/step-label.ts';

/** Logs and reports, kept in memory. */
export interface FakeLogStore extends LogStore {
  readonly reports: ReadonlyMap<string, Report>;
  /** Names of what was removed, in order. */
  readonly removed: readonly string[];
  /** The whole log of a step as text. */
  text(name: RunName, label: string): string;
  /** The next call of this method rejects. */
  failNext(method: 'append' | 'read' | 'remove', error: Error): void;
}

export function createFakeLogStore(): FakeLogStore {
  const logs = new Map<string, Uint8Array>();
  const reports = new Map<string, Report>();
  const removed: string[] = [];
  const failures = new Map<string, Error>();
  const key = (name: RunName, step: StepRef) => `${name}/${stepLabel(step)}`;

  function failIfTold(method: string): void {
    const failure = failures.get(method);
    failures.delete(method);
    if (failure !== undefined) throw failure;
  }

  return {
    reports,
    removed,
    text: (name, label) => new TextDecoder().decode(logs.get(`${name}/${label}`)),
    failNext: (method, error) => failures.set(method, error),
    async append(name, step, { bytes }) {
      failIfTold('append');
      logs.set(key(name, step), Buffer.concat([logs.get(key(name, step)) ?? new Uint8Array(), bytes]));
    },
    async reset(name, step) {
      logs.delete(key(name, step));
    },
    async *read(name, step, offset = 0) {
      failIfTold('read');
      const bytes = logs.get(key(name, step));
      if (bytes !== undefined) yield bytes.subarray(offset);
    },
    async marks() {
      return [];
    },
    async saveReport(name, report) {
      reports.set(name, report);
    },
    async report(name) {
      return reports.get(name) ?? null;
    },
    async remove(name) {
      failIfTold('remove');
      removed.push(name);
    },
  };
}
