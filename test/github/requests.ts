export interface RequestRecord {
  readonly at: Date;
  readonly kind: 'rest' | 'graphql' | 'git' | 'unknown';
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** GitHub's operation id (`checks/create`), `graphql`, `git/upload-pack`, `git/receive-pack`; null when there is none. */
  readonly operation: string | null;
  /** The path's template. */
  readonly route: string | null;
  readonly body: unknown;
  installation: number | null;
  /** Null until it is answered, and when the connection was cut instead. */
  status: number | null;
}

export type RequestMatch = string | ((request: RequestRecord) => boolean);

/** @param match an operation id or a predicate */
export function matches(match: RequestMatch, request: RequestRecord): boolean {
  return typeof match === 'string' ? request.operation === match : match(request);
}

export const MINT = 'apps/create-installation-access-token';

export interface CountOptions {
  /** Leaves out the making of installation tokens. */
  readonly excludeTokens?: boolean;
  readonly match?: RequestMatch;
}

/** How many requests count as calls of GitHub's API: REST and GraphQL, not git. */
export function countRequests(requests: readonly RequestRecord[], options: CountOptions = {}): number {
  const { excludeTokens = false, match } = options;
  return requests.filter(
    (request) =>
      (request.kind === 'rest' || request.kind === 'graphql') &&
      !(excludeTokens && request.operation === MINT) &&
      (match === undefined || matches(match, request)),
  ).length;
}
