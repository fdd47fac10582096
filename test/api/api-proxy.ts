import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as send } from 'node:https';
import { join } from 'node:path';
import type { PlaneAddress } from './control-plane.ts';

/** A request of the app, in the words of a Role. */
export interface ApiRequest {
  readonly verb: string;
  /** With its subresource: `pods/log`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export type ApiMatch = (request: ApiRequest) => boolean;

export interface ApiRefusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The server has done what was asked. */
  readonly afterEffect?: boolean;
}

/** What lies between the app and its API server, reads what is asked, and can fail. */
export interface ApiProxy {
  readonly port: number;
  readonly requests: readonly ApiRequest[];
  /** Keeps the first such request, or its answer, from going on; whoever asked has to go away meanwhile. */
  hold(
    match: ApiMatch,
    options: { readonly afterEffect: boolean },
  ): { readonly arrived: Promise<unknown>; release(): void };
  /** Refuses all that the predicate picks, until it is stopped. */
  refuse(match: ApiMatch, refusal: ApiRefusal): { count(): number; stop(): void };
  /** Ends every watch, without a word; how many there were. */
  cutWatches(): number;
  close(): Promise<void>;
}

interface Held {
  readonly match: ApiMatch;
  readonly afterEffect: boolean;
  readonly arrived: () => void;
  readonly released: Promise<void>;
}

export async function startApiProxy({ port: to, certificates }: PlaneAddress): Promise<ApiProxy> {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const requests: ApiRequest[] = [];
  const watches = new Set<ServerResponse>();
  const refusals = new Set<{ readonly match: ApiMatch; readonly refusal: ApiRefusal; count: number }>();
  let held: Held | null = null;

  async function pass(asked: ApiRequest, afterEffect: boolean): Promise<void> {
    if (held === null || held.afterEffect !== afterEffect || !held.match(asked)) return;
    const { arrived, released } = held;
    held = null;
    arrived();
    await released;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = readRequest(request);
    requests.push(asked);
    const body = await readBody(request);
    await pass(asked, false);
    if (response.destroyed) return;
    const refusing = [...refusals].find(({ match }) => match(asked));
    if (refusing !== undefined) refusing.count += 1;
    if (refusing !== undefined && refusing.refusal.afterEffect !== true) {
      refuse(response, refusing.refusal);
      return;
    }
    const { method, url: path, headers } = request;
    const forwarded = send({ host: '127.0.0.1', port: to, agent, method, path, headers });
    response.on('close', () => forwarded.destroy());
    forwarded.on('error', () => response.destroy());
    forwarded.end(body);
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
    await pass(asked, true);
    if (refusing !== undefined) {
      answer.resume();
      refuse(response, refusing.refusal);
      return;
    }
    if (asked.verb === 'watch') {
      watches.add(response);
      response.on('close', () => watches.delete(response));
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    response.flushHeaders();
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  }

  const server = createServer(
    {
      key: readFileSync(join(certificates, 'apiserver.key')),
      cert: readFileSync(join(certificates, 'apiserver.crt')),
    },
    (request, response) => {
      // Whoever asked has gone, or the API server has: either way there is nothing to say.
      serve(request, response).catch(() => response.destroy());
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    requests,
    hold(match, { afterEffect }) {
      const arrived = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      held = { match, afterEffect, arrived: arrived.resolve, released: released.promise };
      return {
        arrived: arrived.promise,
        release() {
          held = null;
          released.resolve();
        },
      };
    },
    refuse(match, refusal) {
      const entry = { match, refusal, count: 0 };
      refusals.add(entry);
      return { count: () => entry.count, stop: () => void refusals.delete(entry) };
    },
    cutWatches() {
      const count = watches.size;
      for (const watch of watches) watch.destroy();
      return count;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function refuse(response: ServerResponse, { status, reason, headers = {} }: ApiRefusal): void {
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    code: status,
    message: `${reason} by the test`,
  };
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function readRequest({ method = '', url = '' }: IncomingMessage): ApiRequest {
  const { pathname, searchParams } = new URL(url, 'https://server');
  const [, namespace = '', plural = '', name = '', sub] =
    /\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(pathname) ?? [];
  const read = searchParams.get('watch') === 'true' ? 'watch' : name === '' ? 'list' : 'get';
  return {
    verb: VERBS[method] ?? read,
    resource: sub === undefined ? plural : `${plural}/${sub}`,
    namespace,
    name,
  };
}
