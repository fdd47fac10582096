import PQueue from 'p-queue';

/** What a request costs: a creation is also a write. */
export type RequestKind = 'read' | 'write' | 'creation';

export interface LimitOptions {
  /** Requests under way at once. */
  readonly concurrent?: number;
  /** Between two starts. */
  readonly spacingMs?: number;
  readonly writesPerWindow?: number;
  readonly creationsPerWindow?: number;
  readonly windowMs?: number;
}

export interface Limits {
  /** Starts the task when its turn has come; never repeats it. Rejects with the signal's reason when that comes first. */
  run<T>(kind: RequestKind, task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * Our own limits for one installation, below GitHub's secondary ones (100 at once, 180 writes and 80 creations of
 * content a minute): https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 * Reads never wait for the budgets of writes.
 */
export function createLimits(options: LimitOptions = {}): Limits {
  const { concurrent = 10, spacingMs = 50, writesPerWindow = 150 } = options;
  const { creationsPerWindow = 80, windowMs = 60_000 } = options;
  const starts = new PQueue({ concurrency: concurrent, interval: spacingMs, intervalCap: 1, strict: true });
  // As few at once as `starts` lets through, so that what a budget has let go starts soon and still counts for its window.
  const budget = { concurrency: concurrent, interval: windowMs, strict: true };
  const writes = new PQueue({ ...budget, intervalCap: writesPerWindow });
  const creations = new PQueue({ ...budget, intervalCap: creationsPerWindow });
  const queues = { read: [starts], write: [writes, starts], creation: [creations, writes, starts] };

  return {
    run(kind, task, signal) {
      return queues[kind].reduceRight((inner, queue) => () => queue.add(inner, { signal }), task)();
    },
  };
}

/**
 * Sorts a request by what GitHub counts it as. Every `POST` makes content, except GraphQL queries and those of the app itself. `query`: a
 * GraphQL document.
 */
export function requestKind(method: string, route: string, query: unknown = ''): RequestKind {
  if (route === '/graphql') return String(query).startsWith('mutation') ? 'creation' : 'read';
  if (method === 'GET' || method === 'HEAD') return 'read';
  return method === 'POST' && !route.startsWith('/app/') ? 'creation' : 'write';
}
