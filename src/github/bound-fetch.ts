export interface BoundFetchOptions {
  /** Of the API; requests to any other origin are refused. */
  readonly baseUrl: string;
  /** For one request, the reading of its answer included. */
  readonly timeoutMs: number;
}

const REDIRECTS = [301, 302, 307, 308];

/** A renamed repository is one hop; GitHub has no longer chains. */
const MOST_REDIRECTS = 3;

/** A request that would have left GitHub's host, with everything that it carries. */
export class ForeignOriginError extends Error {
  override readonly name = 'ForeignOriginError';
  readonly code = 'FOREIGN_ORIGIN';
}

/**
 * A `fetch` that cannot leave one origin, redirects included, and that ends after `timeoutMs` or when the caller's
 * signal says so. The answer is read here, so that a connection cut in the middle is a rejection: Octokit takes a
 * body that it cannot read for an empty one.
 */
export function createBoundFetch({ baseUrl, timeoutMs }: BoundFetchOptions): typeof fetch {
  const { origin } = new URL(baseUrl);

  return async function boundFetch(input, init = {}) {
    const signals = [AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])];
    const request = { ...init, redirect: 'manual', signal: AbortSignal.any(signals) } as const;
    let url = new URL(input instanceof Request ? input.url : input);
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      if (url.origin !== origin)
        throw new ForeignOriginError(`refused to call ${url.origin}: GitHub is ${origin}`);
      const response = await fetch(url, request);
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null) return readWhole(response);
      // The method and the body stay: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
      await response.body?.cancel();
      url = new URL(location, url);
    }
    throw new Error('GitHub redirected too often');
  };
}

async function readWhole(response: Response): Promise<Response> {
  const bytes = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  // These may not have a body, not even an empty one: https://fetch.spec.whatwg.org/#null-body-status
  const empty = [204, 205, 304].includes(status);
  return new Response(empty ? null : bytes, { status, statusText, headers });
}
