import type { Octokit } from '@octokit/rest';
import type { Clock, Log } from '../app/ports.ts';
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
}

/**
 * Makes every request of a client wait for its limits, sign itself, and fail without a trace of what it carried. It is
 * registered last, hence outermost; where requests may go and for how long is up to the client's `fetch`.
 */
export function guardRequests(octokit: Octokit, options: GuardOptions): void {
  octokit.hook.wrap('request', (request, endpoint) => {
    const { method } = endpoint;
    const route = routeOf(endpoint);
    const { clock } = options;

    async function send() {
      endpoint.headers.authorization = await options.authorization();
      const start = clock.now();
      try {
        const response = await request(endpoint);
        log(response.status, start);
        return response;
      } catch (error) {
        const failure = toGitHubError(error, { method, route, now: clock.now() });
        const status = failure instanceof GitHubRequestError ? failure.status : 'limited';
        if (status === 401) options.onUnauthorized();
        log(status, start);
        throw failure;
      }
    }

    function log(status: number | string | null, start: Date) {
      options.log.debug(
        { method, route, status, ms: clock.now().getTime() - start.getTime() },
        'GitHub request',
      );
    }

    return options.limits.run(requestKind(method, route), send, endpoint.request?.signal);
  });
}

/** The template, not the address: addresses hold names of private repositories. */
function routeOf({ url, baseUrl }: { url: string; baseUrl: string }): string {
  // On an Enterprise Server GraphQL is beside the REST API, not under it, and Octokit gives the whole address.
  return url === baseUrl.replace(/\/api\/v3\/?$/, '/api/graphql') ? '/graphql' : url;
}
