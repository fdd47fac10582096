import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerHealth, answerReady, type ReadyChecks } from './health.ts';
import { answerMetrics, type MetricsPage } from './metrics-page.ts';
import { NOT_FOUND_PAGE } from './page/not-found-page.ts';
import { answerRun, type RunRoutes } from './run-routes.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { send, sendPage, TEXT } from './send.ts';

export interface RequestListenerOptions extends RunRoutes {
  readonly webhook: {
    /** `/api/github/webhooks` */
    readonly path: string;
    /** Gets every POST to the path, body unread, and answers it. */
    handler(request: IncomingMessage, response: ServerResponse): unknown;
  };
  readonly ready: ReadyChecks;
  /** What `/metrics` answers; absent, there is no such page. */
  readonly metrics?: MetricsPage;
}

interface Route {
  readonly methods: readonly string[];
  answer(request: IncomingMessage, response: ServerResponse): unknown;
}

/** Everything that this server answers over HTTP, for `http.createServer`. */
export function createRequestListener(
  options: RequestListenerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    setSecurityHeaders(response);
    answer(request, response, options).catch((error: unknown) => {
      // Not the address: it may be a signed link.
      options.log.error({ err: error, method: request.method }, 'a request failed');
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, { status: 500, type: TEXT, body: 'internal error\n' });
    });
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: RequestListenerOptions,
): Promise<void> {
  const route = findRoute(request.url ?? '', options);
  if (!route) return sendPage(response, 404, NOT_FOUND_PAGE);
  if (!route.methods.includes(request.method ?? '')) {
    const headers = { Allow: route.methods.join(', ') };
    return send(response, { status: 405, type: TEXT, body: 'method not allowed\n', headers });
  }
  await route.answer(request, response);
}

const READ = ['GET', 'HEAD'];

function findRoute(url: string, options: RequestListenerOptions): Route | null {
  const [path = ''] = url.split('?', 1);
  const query = new URLSearchParams(url.slice(path.length));
  if (path === options.webhook.path) return { methods: ['POST'], answer: options.webhook.handler };
  if (path === '/healthz') return { methods: READ, answer: (_, response) => answerHealth(response) };
  if (path === '/readyz') {
    return { methods: READ, answer: (_, response) => answerReady(response, options.ready, options.log) };
  }
  const { metrics } = options;
  if (path === '/metrics' && metrics !== undefined) {
    return { methods: READ, answer: (_, response) => answerMetrics(response, metrics) };
  }
  const parts = decodeParts(path);
  if (parts?.[0] !== 'runs') return null;
  return {
    methods: READ,
    answer: (_, response) => answerRun(response, { parts: parts.slice(1), query }, options),
  };
}

/** The path's parts, each decoded by itself: an encoded slash stays within its part. Null when an encoding is broken. */
function decodeParts(path: string): string[] | null {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}
