export interface BoundFetchOptions {
  /** Of the API; requests to any other origin are refused. */
  readonly baseUrl: string;
  /** For one request, the reading of its answer included. */
  readonly timeoutMs: number;
}

const REDIRECTS = [301, 302, 307, 308];

/** A renamed repository is one hop; GitHub has no longer chains. */
const MOST_REDIRECTS = 3;

/**
 * A `fetch` that cannot leave one origin, redirects included, and that ends after `timeoutMs` or when the caller's
 * signal says so. The answer is read here, so that a connection cut in the middle is a rejection: Octokit takes a
 * body that it cannot read for an empty one.
 */
export function createBoundFetch({ baseUrl, timeoutMs }: BoundFetchOptions): typeof fetch {
  const { origin } = new URL(baseUrl);

  async function follow(url: URL, init: RequestInit, hops: number): Promise<Response> {
    if (url.origin !== origin) {
      throw new RedirectError(`refused to call ${url.origin}: GitHub is ${origin}`, 'FOREIGN_ORIGIN');
    }
    const response = await fetch(url, init);
    const location = response.headers.get('location');
    if (!REDIRECTS.includes(response.status) || location === null) return response;
    if (hops === 0) throw new RedirectError('redirected too often', 'TOO_MANY_REDIRECTS');
    // Method and body stay: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    await response.body?.cancel();
    return follow(new URL(location, url), init, hops - 1);
  }

  return async function boundFetch(input, init = {}) {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
    const url = new URL(input instanceof Request ? input.url : input);
    return readWhole(await follow(url, { ...init, redirect: 'manual', signal }, MOST_REDIRECTS));
  };
}

async function readWhole(response: Response): Promise<Response> {
  const bytes = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  // These may not have a body, not even an empty one: https://fetch.spec.whatwg.org/#null-body-status
  const empty = [204, 205, 304].includes(status);
  return new Response(empty ? null : bytes, { status, statusText, headers });
}

/** Octokit keeps a failed `fetch` as a cause; its code is what is told. */
class RedirectError extends Error {
  override readonly name = 'RedirectError';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}
