import { randomBytes, verify } from 'node:crypto';
import { badCredentials, Refusal } from './answer.ts';
import type { App, Installation, Json, Level, Permissions, Repository, Token, World } from './world.ts';

/** Who asks. Anonymous requests see public repositories only. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'installation'; readonly token: Token };

const TOKEN_LIFETIME = 60 * 60_000;
/** A JWT may end ten minutes ahead at most; a minute more is for clocks that differ. */
const JWT_LIFETIME_SECONDS = 600 + 60;

/** Reads `Authorization` (`Bearer`, `token`, or git's `Basic` with any user name); refuses what is not valid now. */
export function identify(world: World, authorization: string | undefined): Caller {
  if (authorization === undefined) return { kind: 'anonymous' };
  const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(authorization) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return value.split('.').length === 3 && !value.startsWith('ghs_')
        ? { kind: 'app', app: verifyJwt(world, value) }
        : { kind: 'installation', token: findToken(world, value) };
    case 'basic': {
      const [, password = ''] = /:(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
      return { kind: 'installation', token: findToken(world, password) };
    }
    default:
      throw badCredentials();
  }
}

export interface Narrowing {
  readonly repositoryIds: readonly number[] | null;
  readonly permissions: Permissions;
}

/** Tokens look as GitHub's do since 2026: `ghs_<app>_<JWT>`, far longer than forty characters. */
export function mintToken(world: World, installation: Installation, narrowing: Narrowing): Token {
  const expiresAt = new Date(world.now().getTime() + TOKEN_LIFETIME);
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = part({ iss: 'github', sub: installation.id, exp: Math.floor(expiresAt.getTime() / 1000) });
  const jwt = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${claims}.${randomBytes(48).toString('base64url')}`;
  const token = { text: `ghs_${installation.app.id}_${jwt}`, installation, expiresAt, ...narrowing };
  world.tokens.set(token.text, token);
  return token;
}

/** Whether the token's own repositories include this one. */
export function covers(token: Token, repository: Repository): boolean {
  const own = token.installation.account === repository.owner;
  return own && (token.repositoryIds === null || token.repositoryIds.includes(repository.id));
}

export function allows(permissions: Permissions, permission: string, level: Level): boolean {
  const order: readonly (Level | undefined)[] = [undefined, 'read', 'write', 'admin'];
  return order.indexOf(permissions[permission]) >= order.indexOf(level);
}

function findToken(world: World, text: string): Token {
  const token = world.tokens.get(text);
  if (token === undefined || token.expiresAt <= world.now()) throw badCredentials();
  return token;
}

function verifyJwt(world: World, jwt: string): App {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const header = decode(head);
  const claims = decode(body);
  if (header?.alg !== 'RS256' || claims === null) throw undecodable();
  const app = [...world.apps.values()].find(({ id, clientId }) =>
    [String(id), clientId].includes(String(claims.iss)),
  );
  if (app === undefined) throw new Refusal(404, 'Integration not found');
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url'))) throw undecodable();
  checkTimes(claims, Math.floor(world.now().getTime() / 1000));
  return app;
}

function checkTimes({ iat, exp }: Json, now: number): void {
  const is = (name: string, rest: string) => new Refusal(401, `'${name}' claim (${rest}`);
  if (typeof iat !== 'number' || iat > now + 60) {
    throw is('Issued at', "'iat') must be an Integer representing the time that the assertion was issued");
  }
  if (typeof exp !== 'number' || exp <= now) {
    throw is(
      'Expiration time',
      "'exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + JWT_LIFETIME_SECONDS) throw is('Expiration time', "'exp') is too far in the future");
}

function decode(part: string): Json | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Json) : null;
  } catch {
    return null;
  }
}

function undecodable(): Refusal {
  return new Refusal(401, 'A JSON web token could not be decoded');
}
