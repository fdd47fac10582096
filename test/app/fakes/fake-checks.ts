import type { Checks, ExistingCheck } from '../../../src/app/github-ports.ts';
import type { Check } from '../../../src/core/report/check.ts';

export interface StoredCheck extends Check {
  readonly id: number;
}

type Method = keyof Checks;

interface Failure {
  readonly method: Method;
  readonly error: Error;
  /** What was asked for happened all the same: only the answer was lost. */
  readonly done: boolean;
}

/** GitHub's checks, kept in memory; like GitHub's, a completed one stays completed. */
export interface FakeChecks extends Checks {
  readonly stored: readonly StoredCheck[];
  /** The methods of all requests, in order. */
  readonly requests: readonly Method[];
  /** The next request by this method rejects. */
  failNext(method: Method, error: Error, options?: { readonly done: boolean }): void;
  named(name: string): readonly StoredCheck[];
}

export function createFakeChecks(): FakeChecks {
  const stored: StoredCheck[] = [];
  const requests: Method[] = [];
  const failures: Failure[] = [];

  async function request<Result>(method: Method, act: () => Result): Promise<Result> {
    requests.push(method);
    const index = failures.findIndex((failure) => failure.method === method);
    const [failure] = index === -1 ? [] : failures.splice(index, 1);
    if (failure !== undefined && !failure.done) throw failure.error;
    const result = act();
    if (failure !== undefined) throw failure.error;
    return result;
  }

  return {
    stored,
    requests,
    failNext: (method, error, { done } = { done: false }) => failures.push({ method, error, done }),
    named: (name) => stored.filter((check) => check.name === name),
    create: (_repository, check) =>
      request('create', () => {
        const id = stored.length + 1;
        stored.push({ ...check, id });
        return id;
      }),
    update: (_repository, id, check) =>
      request('update', () => {
        const index = stored.findIndex((candidate) => candidate.id === id);
        if (index === -1) throw new Error(`no check ${id}`);
        if (stored[index]!.status === 'completed' && check.status !== 'completed') {
          throw new Error('a completed check stays completed');
        }
        stored[index] = { ...check, id };
      }),
    list: (_repository, sha, name) =>
      request('list', () =>
        stored
          .filter((check) => check.headSha === sha && (name === undefined || check.name === name))
          .map(
            (check): ExistingCheck => ({
              id: check.id,
              name: check.name,
              externalId: check.externalId,
              status: check.status,
              conclusion: check.conclusion ?? null,
            }),
          ),
      ),
  };
}
