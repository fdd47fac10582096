import { appendFile, readFile } from 'node:fs/promises';
import { type LogMark, type MarkedLog, markBytes, UNMARKED } from '../core/log-marks.ts';
import { errorCode } from './disk-error.ts';
import { type Appended, readLog } from './log-file.ts';

/** Logs that are written to at a time; of one that is forgotten the marks go on after a look at its file. */
const MOST_OPEN = 1_000;

/** Marks logs while they are written. */
export interface Marking {
  appended(path: string, appended: Appended, at: Date): Promise<void>;
  forget(path: string): void;
}

export function createMarking(): Marking {
  const open = new Map<string, MarkedLog>();

  async function known(path: string, before: number): Promise<MarkedLog> {
    const log = open.get(path) ?? UNMARKED;
    if (log.bytes === before) return log;
    let counted = UNMARKED;
    for await (const bytes of readLog(path, 0)) {
      const rest = before - counted.bytes;
      counted = markBytes(counted, bytes.subarray(0, rest), new Date(0)).log;
      if (rest <= bytes.length) break;
    }
    return { ...counted, last: (await readMarks(marksPath(path))).at(-1) ?? null };
  }

  return {
    async appended(path, { before, bytes }, at) {
      const { log, marks } = markBytes(await known(path, before), bytes, at);
      open.delete(path);
      open.set(path, log);
      const [oldest] = open.size > MOST_OPEN ? open.keys() : [];
      if (oldest !== undefined) open.delete(oldest);
      // The log itself is kept already; without a mark more of it has to be read to find a line.
      await appendMarks(marksPath(path), marks).catch(() => {});
    },
    forget: (path) => void open.delete(path),
  };
}

/** Beside the log: a line each, of its number, its offset in bytes and its time in milliseconds since 1970. */
export function marksPath(log: string): string {
  return `${log.replace(/\.log$/, '')}.marks`;
}

async function appendMarks(path: string, marks: readonly LogMark[]): Promise<void> {
  if (marks.length === 0) return;
  const text = marks.map(({ line, offset, at }) => `${line} ${offset} ${at.getTime()}\n`).join('');
  await appendFile(path, text, { mode: 0o600 });
}

/** None when there is no such file; a mark that was cut by a crash is left out. */
export async function readMarks(path: string): Promise<readonly LogMark[]> {
  try {
    const text = await readFile(path, 'utf8');
    return [...text.matchAll(/^(\d+) (\d+) (\d+)\n/gm)].map(([, line, offset, at]) => ({
      line: Number(line),
      offset: Number(offset),
      at: new Date(Number(at)),
    }));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return [];
  }
}
