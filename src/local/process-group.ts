import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessRecord } from './runtime.ts';

/** Signals every process of a group; a group that is gone is fine. */
export function signalGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // EPERM: only processes of other users are left in it, which are not ours to end.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** When the process was started; null when there is none of this id, or no /proc to ask. */
export async function startTimeOf(pid: number): Promise<string | null> {
  return (await readStat(pid))?.startTime ?? null;
}

/**
 * Ends the group that a recorded process leads: asks, waits, kills. Does nothing unless the process is the very one
 * that was recorded. Resolves when its leader has ended.
 */
export async function endGroup(record: ProcessRecord, graceMilliseconds: number): Promise<void> {
  if (!(await isAlive(record))) return;
  signalGroup(record.pid, 'SIGTERM');
  if (await ended(record, graceMilliseconds)) return;
  signalGroup(record.pid, 'SIGKILL');
  await ended(record, KILLED_WITHIN);
}

/** A killed process may still be in a system call, on a slow disk say. */
const KILLED_WITHIN = 5000;
const POLL_EVERY = 20;

async function ended(record: ProcessRecord, withinMilliseconds: number): Promise<boolean> {
  const deadline = performance.now() + withinMilliseconds;
  while (await isAlive(record)) {
    if (performance.now() >= deadline) return false;
    await delay(POLL_EVERY);
  }
  return true;
}

async function isAlive({ pid, startTime }: ProcessRecord): Promise<boolean> {
  const stat = await readStat(pid);
  // A zombie has ended; who started it is gone or slow to ask.
  return stat !== null && stat.startTime === startTime && stat.state !== 'Z';
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields 3 (state) and 22 (start time). */
async function readStat(pid: number): Promise<{ state: string; startTime: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field, the program's name, may hold spaces and parentheses.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  const startTime = fields?.[19];
  return state === undefined || startTime === undefined ? null : { state, startTime };
}
