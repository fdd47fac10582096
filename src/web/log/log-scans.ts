import type { Clock } from '../../app/ports.ts';
import type { WireExtent, WireOutline } from '../wire.ts';
import { timeOfLine } from './find-mark.ts';
import { createLogScan, type LogScan } from './scan-log.ts';
import type { StepLog } from './step-log.ts';

/** Extents and groups of logs. What was read of a log once is not read again. */
export interface LogScans {
  /** @param key one of a kind for each log */
  extent(key: string, log: StepLog): Promise<WireExtent>;
  outline(key: string, log: StepLog): Promise<WireOutline>;
  /** How long the log was when it was looked at last; null when it was not, or not lately. */
  knownBytes(key: string): number | null;
}

/** Logs of which it is kept; each takes some hundred kilobytes at most. */
const MOST_KEPT = 50;

/** A log that says nothing new may have begun anew. */
const LOOK_MS = 5_000;

interface Kept {
  scan: LogScan;
  /** The offset of the last mark that was seen. */
  mark: number;
  lookedAt: number;
  reading: Promise<void>;
}

export function createLogScans(clock: Pick<Clock, 'now'>): LogScans {
  const kept = new Map<string, Kept>();

  async function read(of: Kept, log: StepLog): Promise<void> {
    const before = of.scan.extent().bytes;
    for await (const bytes of log.read(before)) of.scan.push(bytes);
    const now = clock.now().getTime();
    if (of.scan.extent().bytes > before || now - of.lookedAt < LOOK_MS) return;
    of.lookedAt = now;
    const mark = (await log.marks()).at(-1)?.offset ?? 0;
    if (mark < of.mark) of.scan = createLogScan();
    of.mark = mark;
  }

  /** One after the other: whoever asks while another's reading is under way gets what is new after it. */
  async function scanned(key: string, log: StepLog): Promise<LogScan> {
    const of = kept.get(key) ?? {
      scan: createLogScan(),
      mark: 0,
      lookedAt: clock.now().getTime(),
      reading: Promise.resolve(),
    };
    kept.delete(key);
    kept.set(key, of);
    const [oldest] = kept.size > MOST_KEPT ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    const reading = of.reading.catch(() => {}).then(() => read(of, log));
    of.reading = reading;
    await reading;
    return of.scan;
  }

  return {
    knownBytes: (key) => kept.get(key)?.scan.extent().bytes ?? null,
    extent: async (key, log) => (await scanned(key, log)).extent(),
    async outline(key, log) {
      const [scan, marks] = await Promise.all([scanned(key, log), log.marks()]);
      const extent = scan.extent();
      const groups = scan.groups.map(({ from, to, title }) => ({
        from,
        to,
        title,
        startedAt: timeOfLine(marks, from),
        endedAt: to === null ? null : timeOfLine(marks, to),
      }));
      return { ...extent, groups };
    },
  };
}
