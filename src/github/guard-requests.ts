import type { Octokit } from '@octokit/rest';
import { type Clock, type Log, TryLaterError } from '../app/ports.ts';
import { GitHubRequestError } from './github-request-error.ts';
import { type Limits, requestKind } from './limits.ts';
import { toGitHubError } from './to-github-error.ts';

export interface GuardOptions {
  readonly limits: Limits;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
  /** Value of the `authorization` header; asked once the request may start. */
  authorization(): Promise<string>;
  /** GitHub no longer knows the credential. */
  onUnauthorized(): void;
  /** Called after every request, however it ended. */
  readonly onRequest?: ((request: MeasuredRequest) => void) | undefined;
}

export interface MeasuredRequest {
  readonly method: string;
  /** The template: it names no repository. */
  readonly route: string;
  /** Of HTTP, `limited`, or `unanswered`. */
  readonly status: string;
  readonly seconds: number;
}

/**
 * Makes every request of a client wait for its limits, sign itself, and fail without a trace of what it carried. It is
 * registered last, hence outermost; where requests may go and for how long is up to the client's `fetch`. Once GitHub
 * has refused one for a time, none is sent before that is over: those who go on are banned.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function guardRequests(octokit: Octokit, options: GuardOptions): void {
  const pauses = createPauses(options.clock);
  octokit.hook.wrap('request', (request, endpoint) => {
    const { method } = endpoint;
    const route = routeOf(endpoint);
    const { clock } = options;

    async function send() {
      pauses.refuse(route);
      endpoint.headers.authorization = await options.authorization();
      const start = clock.now();
      try {
        const response = await request(endpoint);
        log(response.status, start);
        return response;
      } catch (error) {
        throw fail(error, start);
      }
    }

    function fail(error: unknown, start: Date): Error {
      const failure = toGitHubError(error, { method, route, now: clock.now() });
      const status = failure instanceof GitHubRequestError ? failure.status : 'limited';
      if (status === 401) options.onUnauthorized();
      if (failure instanceof TryLaterError) pauses.begin(route, failure);
      log(status, start);
      return failure;
    }

    function log(status: number | string | null, start: Date) {
      const ms = clock.now().getTime() - start.getTime();
      options.log.debug({ method, route, status, ms }, 'GitHub request');
      options.onRequest?.({ method, route, status: String(status ?? 'unanswered'), seconds: ms / 1000 });
    }

    const kind = requestKind(method, route, endpoint.query);
    return options.limits.run(kind, send, endpoint.request?.signal);
  });
}

interface Pauses {
  /** @throws TryLaterError while requests like this one have to wait. */
  refuse(route: string): void;
  begin(route: string, refusal: TryLaterError): void;
}

/** GitHub counts GraphQL and REST apart. */
function createPauses(clock: Pick<Clock, 'now'>): Pauses {
  const ends = new Map<boolean, number>();
  const key = (route: string) => route === '/graphql';
  return {
    refuse(route) {
      const left = (ends.get(key(route)) ?? 0) - clock.now().getTime();
      if (left > 0) throw new TryLaterError('GitHub has asked to wait', Math.ceil(left / 1000));
    },
    begin(route, { retryAfterSeconds }) {
      const end = clock.now().getTime() + retryAfterSeconds * 1000;
      ends.set(key(route), Math.max(end, ends.get(key(route)) ?? 0));
    },
  };
}

/** The template, not the address: addresses hold names of private repositories. */
function routeOf({ url, baseUrl }: { url: string; baseUrl: string }): string {
  // On an Enterprise Server GraphQL is beside the REST API, not under it, and Octokit gives the whole address.
  return url === baseUrl.replace(/\/api\/v3\/?$/, '/api/graphql') ? '/graphql' : url;
}
