import {
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import { requireServer } from './kube-config.ts';
import { errorOfAnswer } from './kube-error.ts';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** Of a patch; `application/json` otherwise. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Requests to the API server, with the credentials, certificates and proxies of the kubeconfig. The client library's own watch and log
 * calls hide what the server answered, and cannot be ended while they connect.
 */
export interface KubeClient {
  /** The JSON of the answer. Rejects with a `KubeError` or `TryLaterError`, or an ordinary error when nothing answers in time. */
  request(request: KubeRequest): Promise<unknown>;
  /** Bytes of an answer that goes on, as they come. Rejects likewise; only the signal ends what has begun. */
  open(path: string, query: Query, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** How long connections are shared before certificates are read again. */
const SHARE_MS = 60_000;

/** `timeoutMs` is of each request, and of the beginning of an answer that goes on. Throws a `UserError` for an address that is no use. */
export function createKubeClient(kubeConfig: KubeConfig, timeoutMs: number): KubeClient {
  const server = requireServer(kubeConfig);
  const library = new IsomorphicFetchHttpLibrary();
  const connections = createConnections();

  async function send(
    request: KubeRequest,
    signal: AbortSignal,
    use: (context: RequestContext) => void,
  ): Promise<ResponseContext> {
    const context = new RequestContext(urlOf(server, request), request.method);
    context.setHeaderParam('Accept', 'application/json');
    if (request.body !== undefined) {
      context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
      context.setBody(JSON.stringify(request.body));
    }
    await kubeConfig.applySecurityAuthentication(context);
    use(context);
    context.setSignal(signal);
    const answer = await library.send(context).toPromise();
    if (answer.httpStatusCode >= 200 && answer.httpStatusCode < 300) return answer;
    const text = await answer.body.text();
    throw errorOfAnswer(labelOf(request), answer.httpStatusCode, text, answer.headers['retry-after']);
  }

  return {
    async request(request) {
      const limit = AbortSignal.timeout(timeoutMs);
      const signal = request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
      try {
        const answer = await send(request, signal, connections.share);
        const body: unknown = JSON.parse(await answer.body.text());
        return body;
      } catch (error) {
        if (limit.aborted) connections.drop();
        throw explain(error, request, { limit, signal: request.signal });
      }
    },
    async open(path, query, signal) {
      const request = { method: 'GET', path, query } as const;
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), timeoutMs);
      try {
        const answer = await send(request, AbortSignal.any([limit.signal, signal]), ownConnection);
        return answer.body.stream() ?? emptyStream();
      } catch (error) {
        throw explain(error, request, { limit: limit.signal, signal });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

interface Connections {
  /** Has a request use the connections that others use. */
  share(context: RequestContext): void;
  /** Any of them may be dead without anybody having said so. */
  drop(): void;
}

/** The library makes an agent for each request; requests that share one share its connections. */
function createConnections(): Connections {
  let shared: { readonly agent: ReturnType<RequestContext['getDispatcher']>; readonly until: number } | null =
    null;
  return {
    share(context) {
      const now = performance.now();
      if (shared === null || now >= shared.until) {
        shared = { agent: context.getDispatcher(), until: now + SHARE_MS };
      }
      if (shared.agent !== undefined) context.setDispatcher(shared.agent);
    },
    drop() {
      shared = null;
    },
  };
}

/** What goes on for hours leaves the connections of the others alone, and begins anew on another one. */
function ownConnection(): void {}

function urlOf(server: string, { path, query = {} }: KubeRequest): string {
  const url = new URL(server + path);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  return url.toString();
}

function labelOf({ method, path }: KubeRequest): string {
  return `${method} ${path}`;
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}

/** `fetch` says "fetch failed" of everything, and the reason in its cause. */
function explain(
  error: unknown,
  request: KubeRequest,
  { limit, signal }: { readonly limit: AbortSignal; readonly signal: AbortSignal | undefined },
): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (limit.aborted) return new Error(`${labelOf(request)}: Kubernetes did not answer in time`);
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return error;
  return new Error(`${labelOf(request)}: ${error.cause.message}`, { cause: error });
}
