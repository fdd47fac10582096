import type { Deliveries, DeliveryAttempt } from '../../../src/app/github-ports.ts';

/** GitHub's list of deliveries. */
export interface FakeDeliveries extends Deliveries {
  /** An attempt ends at this time. */
  attempt(guid: string, at: Date, change?: Partial<DeliveryAttempt>): void;
  /** What a redelivery of this event comes to; without it, it succeeds. */
  answer(guid: string, succeeds: boolean): void;
  /** The GUIDs that were asked for again, in order. */
  readonly asked: readonly string[];
  /** How many pages were listed. */
  readonly pages: number;
  /** The next request rejects. */
  failNext(method: 'page' | 'redeliver', error: Error): void;
}

export function createFakeDeliveries(now: () => Date, pageSize = 3): FakeDeliveries {
  const attempts: DeliveryAttempt[] = [];
  const asked: string[] = [];
  const refusals = new Set<string>();
  const failures = new Map<string, Error>();
  let pages = 0;

  function failIfTold(method: string): void {
    const failure = failures.get(method);
    failures.delete(method);
    if (failure !== undefined) throw failure;
  }

  function add(guid: string, at: Date, change: Partial<DeliveryAttempt> = {}): void {
    const id = String(attempts.length + 1);
    attempts.push({
      id,
      guid,
      deliveredAt: at,
      succeeded: false,
      event: 'push',
      installationId: 7,
      ...change,
    });
  }

  return {
    asked,
    get pages() {
      return pages;
    },
    attempt: add,
    answer: (guid, succeeds) => void (succeeds ? refusals.delete(guid) : refusals.add(guid)),
    failNext: (method, error) => void failures.set(method, error),
    async page(cursor) {
      failIfTold('page');
      pages += 1;
      const newestFirst = [...attempts].reverse();
      const from = Number(cursor ?? 0);
      const next = from + pageSize < newestFirst.length ? String(from + pageSize) : null;
      return { attempts: newestFirst.slice(from, from + pageSize), next };
    },
    async redeliver(id) {
      failIfTold('redeliver');
      const { guid } = attempts.find((attempt) => attempt.id === id)!;
      asked.push(guid);
      add(guid, now(), { succeeded: !refusals.has(guid) });
    },
  };
}
