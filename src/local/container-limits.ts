import { readFile } from 'node:fs/promises';

/** Processes of one user: above this some machines let nobody go, and no step needs more. */
const MOST_PROCESSES = 16_384;

/**
 * Limits for podman's containers: at most our own. Podman asks for more than a server without `CAP_SYS_RESOURCE` may give, and then no
 * container starts. Empty where there is no /proc to ask.
 */
export async function limitArguments(): Promise<readonly string[]> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const files = hardLimit(text, 'Max open files');
  const processes = hardLimit(text, 'Max processes');
  return [
    ...(files === null ? [] : ['--ulimit', `nofile=${files}:${files}`]),
    ...(processes === null ? [] : ['--ulimit', `nproc=${cap(processes)}:${cap(processes)}`]),
  ];
}

function cap(processes: number): number {
  return Math.min(processes, MOST_PROCESSES);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html: name, soft limit, hard limit, unit. */
function hardLimit(text: string, name: string): number | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(name));
  const hard = Number(line?.slice(name.length).trim().split(/\s+/)[1]);
  return Number.isInteger(hard) ? hard : null;
}
