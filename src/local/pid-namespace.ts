import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Finds the command line that runs a program in a process-id namespace of its own, where whatever it starts ends with it, `setsid` or
 * not, and where it sees no process but its own. Empty when this machine allows none.
 */
export async function findPidNamespace(): Promise<readonly string[]> {
  for (const prefix of CANDIDATES) {
    if (await works(prefix)) return [...prefix, '/bin/sh', '-c', INIT, 'sh'];
  }
  return [];
}

const NAMESPACE = ['--pid', '--fork', '--kill-child', '--mount-proc'];
/** An absolute path: a step's own `PATH` must not choose another. */
const UNSHARE = '/usr/bin/unshare';
/** As root; else with a user namespace that maps us to ourselves. */
const CANDIDATES = [
  [UNSHARE, ...NAMESPACE],
  [UNSHARE, '--user', '--map-current-user', ...NAMESPACE],
];

/**
 * The namespace's first process: the kernel ignores signals for it that it does not handle, and expects it to collect orphans, so a
 * step must not be it. Its own messages ("Killed") do not belong into the step's log.
 */
const INIT = 'exec 3>&2 2>/dev/null; (exec "$@" 2>&3 3>&-); code=$?; exit "$code"';

/**
 * The program must be process 1. And SIGTERM to the whole group must leave `unshare` waiting for what the step does with it; before
 * util-linux 2.38 it died of it at once, and the step with it.
 */
const PROBE = 'trap "exit 7" TERM; [ $$ = 1 ] || exit 1; kill -TERM 0; exit 2';

async function works([command = '', ...args]: readonly string[]): Promise<boolean> {
  const probe = spawn(command, [...args, '/bin/sh', '-c', PROBE], {
    detached: true,
    stdio: 'ignore',
    timeout: 5000,
  });
  try {
    const [code] = await once(probe, 'exit');
    return code === 7;
  } catch {
    return false;
  }
}
