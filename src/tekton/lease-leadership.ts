import type { Leadership } from '../app/leadership.ts';
import type { Clock, Log } from '../app/ports.ts';
import { cureOf } from './cure.ts';
import type { KubeClient } from './kube-client.ts';
import { createLease, type Lease } from './lease.ts';
import { LEASES } from './resources.ts';

export interface LeaseLeadershipOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Of this process: no other one that lives has the same, and the next one in its place may. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1; `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds of a clock that nobody sets; `performance.now`. */
  readonly elapsed?: () => number;
  readonly times?: LeaseTimes;
}

/** Milliseconds, each well above the one after it. */
export interface LeaseTimes {
  /** How long a lease holds after its last renewal. */
  readonly duration: number;
  /** Who could not renew it for so long stops: the rest is for what is under way. */
  readonly renewDeadline: number;
  /** Between two tries. */
  readonly retry: number;
}

/** Those of Kubernetes' own components: https://pkg.go.dev/k8s.io/client-go/tools/leaderelection#LeaderElectionConfig */
const TIMES: LeaseTimes = { duration: 15_000, renewDeadline: 10_000, retry: 2_000 };

/** Tries that fail are told the first time, and then each time so many more have. */
const TELL_EVERY = 15;

interface Candidate extends Required<LeaseLeadershipOptions> {
  readonly lease: Lease;
}

/** Has the holder of a Lease lead; the one who stops gives it back. */
export function createLeaseLeadership(options: LeaseLeadershipOptions): Leadership {
  const { times = TIMES, elapsed = () => performance.now(), random = Math.random } = options;
  const lease = createLease({ ...options, elapsed, durationMs: times.duration });
  const candidate: Candidate = { ...options, times, elapsed, random, lease };
  return {
    async lead(signal, work) {
      while (!signal.aborted) {
        await acquire(candidate, signal);
        if (!signal.aborted) await leadOnce(candidate, signal, work);
      }
      await release(candidate);
    },
  };
}

async function leadOnce(
  candidate: Candidate,
  signal: AbortSignal,
  work: (leading: AbortSignal) => Promise<void>,
): Promise<void> {
  const { log, name, identity } = candidate;
  const ended = new AbortController();
  log.info({ lease: name, identity }, 'leads');
  const working = work(AbortSignal.any([signal, ended.signal])).catch((error: unknown) => {
    if (!signal.aborted && !ended.signal.aborted) log.error({ err: error }, 'the work of the leader failed');
  });
  await renewUntilLost(candidate, signal);
  ended.abort(new Error('this server does not lead any more'));
  await working;
  if (!signal.aborted) log.warn({ lease: name, identity }, 'leads no more, since the lease was not renewed');
}

/** Resolves when the lease is held, or by the signal. */
async function acquire(candidate: Candidate, signal: AbortSignal): Promise<void> {
  const { lease, times } = candidate;
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (await lease.hold(limited(signal, times.renewDeadline))) return;
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (failures % TELL_EVERY === 0) tell(candidate, error);
      failures += 1;
    }
    await pause(candidate, signal);
  }
}

function tell({ log, name, namespace }: Candidate, error: unknown): void {
  const cure = cureOf(error, LEASES, namespace);
  const fields = { err: error, lease: name, namespace };
  if (cure === null) log.warn(fields, 'the lease of the leader cannot be had for now');
  else log.error({ ...fields, cure }, 'the lease of the leader cannot be had');
}

/** Resolves when the lease is lost, or could not be renewed in time, or by the signal. */
async function renewUntilLost(candidate: Candidate, signal: AbortSignal): Promise<void> {
  const { lease, log, times, elapsed } = candidate;
  let renewedAt = elapsed();
  for (;;) {
    await pause(candidate, signal);
    const left = renewedAt + times.renewDeadline - elapsed();
    if (signal.aborted || left <= 0) return;
    const triedAt = elapsed();
    try {
      if (!(await lease.hold(limited(signal, left)))) return;
      renewedAt = triedAt;
    } catch (error) {
      log.debug({ err: error }, 'the lease was not renewed, will try again');
    }
  }
}

/** The next one need not wait; when this fails, it waits until the lease ends. */
async function release({ lease, log, times }: Candidate): Promise<void> {
  try {
    await lease.release(AbortSignal.timeout(times.retry));
  } catch (error) {
    log.debug({ err: error }, 'the lease was not given back');
  }
}

/** Two that wait must not keep step. */
async function pause({ clock, random, times }: Candidate, signal: AbortSignal): Promise<void> {
  await clock.sleep(times.retry * (1 + 0.2 * random()), signal).catch(() => {});
}

function limited(signal: AbortSignal, milliseconds: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(milliseconds))]);
}
