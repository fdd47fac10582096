import type { Clock } from '../app/ports.ts';
import type { KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import { type LeaseRecord, leaseSpec, readLease } from './lease-record.ts';
import { LEASES, pathOf } from './resources.ts';

export interface LeaseOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Of this process: no other one that lives has the same. */
  readonly identity: string;
  /** Milliseconds that a lease holds after its last renewal. */
  readonly durationMs: number;
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
}

/** One `coordination.k8s.io` Lease, as one candidate sees it. */
export interface Lease {
  /** Takes the lease or renews it; false while another one holds it. Rejects when the server does not answer. */
  hold(signal: AbortSignal): Promise<boolean>;
  /** Gives it back, so that another one need not wait until it ends; nothing happens when it is not held. */
  release(signal: AbortSignal): Promise<void>;
}

/**
 * See `Lease`. A lease that another one holds has ended when it was not seen to change for as long as it says: measured here, from when
 * the change was seen, so that no clock has to agree with another.
 * https://pkg.go.dev/k8s.io/client-go/tools/leaderelection
 */
export function createLease(options: LeaseOptions): Lease {
  const { client, namespace, name, identity, durationMs, clock, elapsed } = options;
  const path = pathOf(LEASES, namespace, name);
  let seen: { readonly record: LeaseRecord; readonly at: number } | null = null;

  function see(object: unknown): LeaseRecord {
    const record = readLease(object);
    if (seen?.record.version !== record.version) seen = { record, at: elapsed() };
    return record;
  }

  function isOthers({ holder, durationMs: holds }: LeaseRecord): boolean {
    return holder !== '' && holder !== identity && seen !== null && elapsed() - seen.at < holds;
  }

  async function read(signal: AbortSignal): Promise<LeaseRecord | null> {
    try {
      return see(await client.request({ method: 'GET', path, signal }));
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  /** False when another one was faster. */
  async function write(before: LeaseRecord | null, signal: AbortSignal): Promise<boolean> {
    const now = clock.now();
    const mine = before?.holder === identity;
    const spec = leaseSpec({
      holder: identity,
      durationMs,
      acquiredAt: (mine ? before.acquiredAt : undefined) ?? now,
      renewedAt: now,
      transitions: before === null ? 0 : before.transitions + (mine ? 0 : 1),
    });
    return put(before, spec, signal);
  }

  async function put(before: LeaseRecord | null, spec: object, signal: AbortSignal): Promise<boolean> {
    const version = before === null ? {} : { resourceVersion: before.version };
    const body = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace, ...version },
      spec,
    };
    try {
      const made =
        before === null
          ? await client.request({ method: 'POST', path: pathOf(LEASES, namespace), body, signal })
          : await client.request({ method: 'PUT', path, body, signal });
      see(made);
      return true;
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      seen = seen?.record.holder === identity ? null : seen;
      return false;
    }
  }

  return {
    async hold(signal) {
      // What we hold nobody else changes; if they did, the server refuses this.
      if (seen?.record.holder === identity && (await write(seen.record, signal))) return true;
      const record = await read(signal);
      if (record !== null && isOthers(record)) return false;
      return write(record, signal);
    },
    async release(signal) {
      // What was asked for last may have been done although its answer was not waited for.
      const record = await read(signal);
      if (record?.holder !== identity) return;
      const now = clock.now();
      const ends = { holder: '', durationMs: 1000, acquiredAt: now, renewedAt: now };
      await put(record, leaseSpec({ ...ends, transitions: record.transitions }), signal);
    },
  };
}
