import type { Permission, PullRequestState, PullRequests } from '../../../src/app/github-ports.ts';

/** A GitHub of pull requests, of people and of what is said. */
export interface FakePullRequests extends PullRequests {
  /** The methods of all requests, in order. */
  readonly requests: readonly (keyof PullRequests)[];
  /** Comments with our 👀. */
  readonly acknowledged: ReadonlySet<string>;
  readonly replies: readonly { readonly number: number; readonly text: string }[];
  /** Opens a pull request, or changes it. */
  put(pull: PullRequestState): void;
  /** By account id; those that are not told may nothing. */
  allow(id: number, permission: Permission): void;
}

export function createFakePullRequests(): FakePullRequests {
  const requests: (keyof PullRequests)[] = [];
  const acknowledged = new Set<string>();
  const replies: { number: number; text: string }[] = [];
  const pulls = new Map<number, PullRequestState>();
  const permissions = new Map<number, Permission>();
  return {
    requests,
    acknowledged,
    replies,
    put: (pull) => void pulls.set(pull.number, pull),
    allow: (id, permission) => void permissions.set(id, permission),
    async permission(_repository, { id }) {
      requests.push('permission');
      return permissions.get(id) ?? 'none';
    },
    async read(_repository, number, { who: { id }, comment }) {
      requests.push('read');
      if (comment !== undefined) acknowledged.add(comment);
      return { pull: pulls.get(number) ?? null, permission: permissions.get(id) ?? 'none', commit: null };
    },
    async pull(_repository, number) {
      requests.push('pull');
      return pulls.get(number) ?? null;
    },
    async reply(_repository, number, text) {
      requests.push('reply');
      replies.push({ number, text });
    },
  };
}
