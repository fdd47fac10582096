import { createHash } from 'node:crypto';
import { type Answer, badCredentials, invalidRequest, notAccessible, notFound, Refusal } from './answer.ts';
import { allows, type Caller, covers, identify } from './credentials.ts';
import type { Match } from './openapi.ts';
import type { Parts } from './parts.ts';
import type { RequestRecord } from './requests.ts';
import { appRoutes } from './resources/apps.ts';
import { checkRoutes } from './resources/checks.ts';
import { commitRoutes } from './resources/commits.ts';
import { contentRoutes } from './resources/contents.ts';
import { hookDeliveryRoutes } from './resources/hook-deliveries.ts';
import { issueRoutes } from './resources/issues.ts';
import { metaRoutes } from './resources/meta.ts';
import { permissionRoutes } from './resources/permissions.ts';
import { pullRoutes } from './resources/pulls.ts';
import { refRoutes } from './resources/refs.ts';
import { repositoryRoutes } from './resources/repositories.ts';
import type { Call, Route } from './route.ts';
import { findRepository, type Json, type Repository } from './world.ts';

const ROUTES: readonly Route[] = [
  ...appRoutes,
  ...checkRoutes,
  ...commitRoutes,
  ...contentRoutes,
  ...hookDeliveryRoutes,
  ...issueRoutes,
  ...metaRoutes,
  ...permissionRoutes,
  ...pullRoutes,
  ...refRoutes,
  ...repositoryRoutes,
];

export interface RestRequest {
  readonly method: string;
  /** Below `/api/v3`, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Rest {
  match(method: string, path: string): Match | null;
  /** @param found what `match` gave, null for an operation that the stand-in does not have */
  answer(request: RestRequest, found: Match | null, record: RequestRecord): Promise<Answer>;
}

/**
 * The REST API. A request that GitHub's description does not allow is refused and noted among the violations, so is
 * an answer of ours that does not fit it.
 */
export function createRest(parts: Parts): Rest {
  const { description, violations } = parts;
  const routes = new Map(ROUTES.map((route) => [route.operation, route]));

  return {
    match: description.match,
    async answer(request, found, record) {
      const route = found && routes.get(found.operation);
      if (!found || !route) {
        violations.push(`${request.method} ${request.path}: the stand-in does not have this operation`);
        throw notFound();
      }
      const caller = identify(parts.world, header(request, 'authorization'));
      if (caller.kind === 'installation') record.installation = caller.token.installation.id;
      const call = { ...parts, caller, ...validated(parts, request, found) };
      const answer = await settle(route, call);
      const problems = description.answer(found.operation, answer.status, answer.body);
      if (problems.length > 0) {
        throw new Error(`${found.operation} answered ${answer.status} unlike GitHub: ${problems.join('; ')}`);
      }
      return request.method === 'GET' ? conditional(request, answer) : answer;
    },
  };
}

function validated({ description, violations }: Parts, request: RestRequest, found: Match) {
  const { values, problems } = description.parameters(found, request.query);
  const all = [...problems, ...description.body(found.operation, request.body)];
  if (all.length > 0) {
    violations.push(`${found.operation} was asked unlike GitHub's description: ${all.join('; ')}`);
    throw invalidRequest(...all);
  }
  return { query: request.query, parameters: values, body: (request.body ?? {}) as Json };
}

async function settle(route: Route, call: Call): Promise<Answer> {
  try {
    return await run(route, call);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

async function run(route: Route, call: Call): Promise<Answer> {
  const { caller } = call;
  switch (route.as) {
    case 'anyone':
      return await route.handle(call);
    case 'app':
      if (caller.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
      return await route.handle({ ...call, app: caller.app });
    case 'installation':
      if (caller.kind !== 'installation') throw badCredentials();
      return await route.handle({ ...call, token: caller.token });
    case 'repository': {
      const app = caller.kind === 'installation' ? caller.token.installation.app : null;
      return await route.handle({ ...call, app, repository: accessible(route, call) });
    }
  }
}

/** The repository that is asked about: 404 when the caller cannot see it, 403 when seeing it is all that it may. */
function accessible(route: Route & { as: 'repository' }, { world, caller, parameters }: Call): Repository {
  const repository = findRepository(world, `${parameters.owner}/${parameters.repo}`);
  const wanted = `${route.permission}=${route.level}`;
  if (caller.kind === 'app') throw badCredentials();
  if (repository === undefined) throw notFound();
  if (caller.kind === 'installation' && covers(caller.token, repository)) {
    if (!allows(caller.token.permissions, route.permission, route.level)) throw notAccessible(wanted);
    return repository;
  }
  if (repository.private) throw notFound();
  if (route.level !== 'read') throw anonymousWrite(caller, wanted);
  return repository;
}

function anonymousWrite(caller: Caller, wanted: string): Refusal {
  return caller.kind === 'anonymous' ? new Refusal(401, 'Requires authentication') : notAccessible(wanted);
}

/** Answers 304 to who has the answer already. */
function conditional(request: RestRequest, answer: Answer): Answer {
  if (answer.status !== 200) return answer;
  const digest = createHash('sha256').update(JSON.stringify(answer.body)).digest('hex');
  const etag = `W/"${digest}"`;
  if (header(request, 'if-none-match') === etag) return { status: 304, headers: { etag } };
  return { ...answer, headers: { ...answer.headers, etag } };
}

function header({ headers }: RestRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
