import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, Refusal } from './answer.ts';
import { type ApiServices, planOf } from './api-plan.ts';
import type { Control } from './control.ts';
import type { Faults } from './faults.ts';
import { type GitHttp, type GitRequest, parseGitRequest } from './git-http.ts';
import { readJson, sendJson } from './http-json.ts';
import type { Limits } from './limits.ts';
import type { RequestRecord } from './requests.ts';
import type { Json } from './world.ts';

export interface Services extends ApiServices {
  readonly git: GitHttp;
  readonly faults: Faults;
  readonly limits: Limits;
  /** Null unless it was asked for. */
  control: Control | null;
  readonly requests: RequestRecord[];
  readonly violations: string[];
}

/** One port for everything, as GitHub Enterprise Server has it: `/api/v3`, `/api/graphql` and git. */
export function createGitHubServer(services: () => Services): Server {
  return createServer((request, response) => {
    serve(services(), request, response).catch((error: unknown) => {
      services().violations.push(`the stand-in failed at ${request.method} ${request.url}: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else sendJson(response, { status: 500, body: { message: String(error) } });
    });
  });
}

interface Exchange {
  readonly services: Services;
  readonly method: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve(services: Services, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', services.world.url);
  const exchange = { services, method, url, request, response };
  const git = parseGitRequest(method, url);
  if (git !== null) await serveGit(exchange, git);
  else if (services.control !== null && url.pathname.startsWith('/_control/')) {
    await serveControl(exchange, services.control);
  } else await serveApi(exchange);
}

async function serveGit(exchange: Exchange, git: GitRequest): Promise<void> {
  const { services, method, url, request, response } = exchange;
  const record = begin(services, {
    kind: 'git',
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    operation: `git/${git.service}`,
    route: null,
    body: null,
  });
  await underFaults(exchange, record, async () => {
    response.once('finish', () => {
      record.status = response.statusCode;
    });
    await services.git.serve(git, request, response);
    return { status: response.statusCode };
  });
}

async function serveControl({ method, url, request, response }: Exchange, control: Control): Promise<void> {
  const { value } = await readJson(request);
  try {
    sendJson(response, await control(method, url, (value ?? {}) as Json));
  } catch (error) {
    // What a test did wrong, said to the test.
    const answer =
      error instanceof Refusal ? error.answer : { status: 422, body: { message: String(error) } };
    sendJson(response, answer);
  }
}

async function serveApi(exchange: Exchange): Promise<void> {
  const { services, method, url, request, response } = exchange;
  const body = await readJson(request);
  const { described, work } = planOf(services, { method, url, headers: request.headers, body });
  const record = begin(services, described);
  const answered = () => refusable(services, () => work(record));
  try {
    const leave = services.limits.enter(record);
    await underFaults(exchange, record, answered).finally(leave);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    record.status = error.answer.status;
    sendJson(response, error.answer);
  }
}

/** Turns what was thrown into an answer. */
async function refusable({ violations }: Services, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    // Said to the client too: it is a fault of the stand-in, and should be seen at once.
    violations.push(String(error));
    return { status: 500, body: { message: String(error) } };
  }
}

function begin(
  { world, requests }: Services,
  described: Omit<RequestRecord, 'at' | 'installation' | 'status'>,
): RequestRecord {
  const record = { ...described, at: world.now(), installation: null, status: null };
  requests.push(record);
  return record;
}

async function underFaults(
  { services: { faults, limits }, response }: Exchange,
  record: RequestRecord,
  work: () => Promise<Answer>,
): Promise<void> {
  const result = await faults.apply(record, work);
  if (result === null) {
    response.destroy();
    return;
  }
  // Git answers as it goes.
  if (response.headersSent) return;
  if (!result.drop) record.status = result.answer.status;
  const headers = { ...limits.headers(record), ...result.answer.headers };
  sendJson(response, { ...result.answer, headers }, result.drop);
}
