import type { Metrics } from '../../../src/app/ports.ts';

/** Counts the calls of each method. */
export interface FakeMetrics extends Metrics {
  count(method: keyof Metrics): number;
}

export function createFakeMetrics(): FakeMetrics {
  const counts = new Map<keyof Metrics, number>();
  const counting = (method: keyof Metrics) => () => void counts.set(method, (counts.get(method) ?? 0) + 1);
  return {
    count: (method) => counts.get(method) ?? 0,
    redelivered: counting('redelivered'),
    deadLetter: counting('deadLetter'),
    runMade: counting('runMade'),
    checkMade: counting('checkMade'),
    reported: counting('reported'),
    reportRetried: counting('reportRetried'),
  };
}
