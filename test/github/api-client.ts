import { createSign } from 'node:crypto';
import type { CreatedApp, GitHub } from './github.ts';
import type { Json } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What came, at a path: `field('check_runs', 0, 'name')`; undefined where there is nothing. */
  field(...path: (string | number)[]): unknown;
}

export interface ApiRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorization?: string;
}

/** One plain HTTP request to the REST API or to GraphQL. */
export async function call(
  github: GitHub,
  method: string,
  path: string,
  request: ApiRequest = {},
): Promise<Reply> {
  const { body, headers, authorization } = request;
  const response = await fetch(
    path === '/graphql' ? `${github.url}/api/graphql` : `${github.url}/api/v3${path}`,
    {
      method,
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    },
  );
  const text = await response.text();
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, field: (...path) => at(value, path) };
}

/** The JWT that an app signs for itself; `claims` replace what it says. */
export function jwtOf(app: CreatedApp, claims: Json = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { iat: now - 30, exp: now + 570, iss: app.appId, ...claims };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(app.privateKey, 'base64url')}`;
}

/** A new token of the installation. */
export async function tokenOf(
  github: GitHub,
  app: CreatedApp,
  installationId: number,
  narrowing: Json = {},
): Promise<string> {
  const path = `/app/installations/${installationId}/access_tokens`;
  const reply = await call(github, 'POST', path, { authorization: `Bearer ${jwtOf(app)}`, body: narrowing });
  if (reply.status !== 201) throw new Error(`no token: ${reply.text}`);
  return String(reply.field('token'));
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    found =
      typeof found === 'object' && found !== null
        ? (found as Record<string | number, unknown>)[key]
        : undefined;
  }
  return found;
}
