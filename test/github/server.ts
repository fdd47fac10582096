import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Answer, Refusal } from './answer.ts';
import { identify } from './credentials.ts';
import type { Faults } from './faults.ts';
import type { GitHttp } from './git-http.ts';
import { parseGitRequest } from './git-http.ts';
import type { Graphql } from './graphql.ts';
import type { Limits } from './limits.ts';
import type { RequestRecord } from './requests.ts';
import type { Rest } from './rest.ts';
import type { World } from './world.ts';

export interface Services {
  readonly world: World;
  readonly rest: Rest;
  readonly graphql: Graphql;
  readonly git: GitHttp;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly requests: RequestRecord[];
  readonly violations: string[];
}

/** One port for everything, as GitHub Enterprise Server has it: `/api/v3`, `/api/graphql` and git. */
export function createGitHubServer(services: () => Services): Server {
  return createServer((request, response) => {
    serve(services(), request, response).catch((error: unknown) => {
      services().violations.push(`the stand-in failed at ${request.method} ${request.url}: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: { message: 'Server Error' } });
    });
  });
}

async function serve(services: Services, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', services.world.url);
  const git = parseGitRequest(method, url);
  if (git !== null) {
    const record = begin(services, {
      kind: 'git',
      method,
      path: url.pathname,
      operation: `git/${git.service}`,
    });
    await underFaults(services, record, response, async () => {
      response.once('finish', () => {
        record.status = response.statusCode;
      });
      await services.git.serve(git, request, response);
      return { status: response.statusCode };
    });
    return;
  }
  const { value: body, malformed } = await readJson(request);
  const plan = planOf(services, { method, url, body, request });
  const record = begin(services, plan);
  await underFaults(services, record, response, async () => {
    try {
      if (malformed) throw new Refusal(400, 'Problems parsing JSON');
      return await services.limits.pass(record, () => plan.work(record));
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      // Said to the client too: it is a fault of the stand-in, and should be seen at once.
      services.violations.push(String(error));
      return { status: 500, body: { message: String(error) } };
    }
  });
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly request: IncomingMessage;
}

type Plan = Pick<RequestRecord, 'kind' | 'method' | 'path' | 'operation'> &
  Partial<Pick<RequestRecord, 'route' | 'body'>> & { work(record: RequestRecord): Promise<Answer> };

function planOf(services: Services, { method, url, body, request }: Asked): Plan {
  const { rest, graphql, world } = services;
  const path = url.pathname;
  if (path === '/api/graphql' && method === 'POST') {
    const work = (record: RequestRecord) => {
      const caller = identify(world, request.headers.authorization);
      if (caller.kind === 'installation') record.installation = caller.token.installation.id;
      return graphql(caller, body);
    };
    return { kind: 'graphql', method, path, operation: 'graphql', route: path, body, work };
  }
  if (path.startsWith('/api/v3/')) {
    const below = path.slice('/api/v3'.length);
    const match = rest.match(method, below);
    const asked = { method, path: below, query: url.searchParams, headers: request.headers, body };
    const work = (record: RequestRecord) => rest.answer(asked, match, record);
    return {
      kind: 'rest',
      method,
      path,
      operation: match?.operation ?? null,
      route: match?.route ?? null,
      body,
      work,
    };
  }
  return {
    kind: 'unknown',
    method,
    path,
    operation: null,
    body,
    work: () => Promise.reject(new Refusal(404, 'Not Found')),
  };
}

function begin({ world, requests }: Services, plan: Omit<Plan, 'work'>): RequestRecord {
  const { kind, method, path, operation, route = null, body = null } = plan;
  const record = {
    at: world.now(),
    kind,
    method,
    path,
    operation,
    route,
    body,
    installation: null,
    status: null,
  };
  requests.push(record);
  return record;
}

async function underFaults(
  { faults, limits }: Services,
  record: RequestRecord,
  response: ServerResponse,
  work: () => Promise<Answer>,
): Promise<void> {
  const result = await faults.apply(record, work);
  if (result === null) {
    response.destroy();
    return;
  }
  if (response.headersSent) return;
  if (!result.drop) record.status = result.answer.status;
  const headers = { ...limits.headers(record), ...result.answer.headers };
  send(response, { ...result.answer, headers }, result.drop);
}

function send(response: ServerResponse, { status, headers, body }: Answer, drop = false): void {
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    'x-github-enterprise-version': '3.19.0',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': 'STAND:IN',
    ...headers,
  });
  if (!drop) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

async function readJson(request: IncomingMessage): Promise<{ value: unknown; malformed: boolean }> {
  const bytes = await buffer(request);
  if (bytes.length === 0) return { value: undefined, malformed: false };
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return { value, malformed: typeof value !== 'object' || value === null };
  } catch {
    return { value: undefined, malformed: true };
  }
}
