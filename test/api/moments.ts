import type { RequestRecord } from '../github/requests.ts';
import type { ApiRequest } from './api-proxy.ts';
import type { AppWorld } from './app-world.ts';

/** A request of a server, counted from its start among those of its kind. */
export interface Moment {
  readonly of: 'Kubernetes' | 'GitHub';
  readonly kind: string;
  readonly number: number;
  /** What was asked is done when the server dies, and it does not know. */
  readonly answered: boolean;
}

/** Resolves with the moments of all that a server asks while the work is done. */
export async function recordMoments({ proxy, github }: AppWorld, work: Promise<void>): Promise<Moment[]> {
  const [fromApi, fromGitHub] = [proxy.requests.length, github.requests.length];
  await work;
  return [
    ...momentsOf('Kubernetes', proxy.requests.slice(fromApi).map(kindOfApi)),
    ...momentsOf('GitHub', github.requests.slice(fromGitHub).map(kindOfGitHub)),
  ];
}

/** Holds the request, or its answer, when it comes. */
export function holdAt({ proxy, github }: AppWorld, { of, kind, number, answered }: Moment) {
  let seen = -1;
  const isIt = (each: string) => {
    if (each === kind) seen += 1;
    return each === kind && seen === number;
  };
  const options = { afterEffect: answered };
  if (of === 'Kubernetes') return proxy.hold((request) => isIt(kindOfApi(request)), options);
  return github.hold((request) => isIt(kindOfGitHub(request)), options);
}

/** Each request that changes something, before and after it did, and the first of each kind that does not. */
function momentsOf(of: Moment['of'], kinds: readonly string[]): Moment[] {
  return [...Map.groupBy(kinds, (kind) => kind)].flatMap(([kind, all]) => {
    if (!isWrite(kind)) return [{ of, kind, number: 0, answered: false }];
    // The clock repeats this one.
    const count = kind === 'update leases' ? 1 : all.length;
    return Array.from({ length: count }, (_, number) => number).flatMap((number) => [
      { of, kind, number, answered: false },
      { of, kind, number, answered: true },
    ]);
  });
}

function kindOfApi({ verb, resource }: ApiRequest): string {
  return `${verb} ${resource}`;
}

function kindOfGitHub({ operation, method, path }: RequestRecord): string {
  return operation ?? `${method} ${path}`;
}

export function isWrite(kind: string): boolean {
  return /^(create|update|patch|delete) |\/(create|update|redeliver)/.test(kind);
}
