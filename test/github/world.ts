import type { KeyObject } from 'node:crypto';
import type { GitRepository } from './git-repository.ts';

export type Json = Record<string, unknown>;
export type Level = 'read' | 'write' | 'admin';
/** What somebody is in a repository. */
export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin';
export type Permissions = Readonly<Record<string, Level>>;

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
}

export interface App {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  readonly owner: Account;
  readonly publicKey: KeyObject;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: Date;
  /** Without an address nothing is sent. */
  webhook: { readonly url: string | null; readonly secret: string };
}

/** An app on an account: one for each pair, with access to all repositories of the account. */
export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  readonly createdAt: Date;
}

export interface Token {
  readonly text: string;
  readonly installation: Installation;
  /** Null: every repository of the installation. */
  readonly repositoryIds: readonly number[] | null;
  readonly permissions: Permissions;
  readonly expiresAt: Date;
}

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly createdAt: Date;
  /** Whether apps are installed on the owner for it. */
  readonly installs: boolean;
  readonly git: GitRepository;
  /** The repository that it is a fork of. */
  readonly parent: Repository | null;
  /** By login; the owner is admin without being named. */
  readonly collaborators: Map<string, Role>;
  pushedAt: Date;
}

/** Which GitHub Enterprise Server it looks like. */
export const ENTERPRISE_VERSION = '3.19.0';

/** What the stand-in knows, shared by all of its parts. Everything lives in memory but the git objects. */
export interface World {
  /** Where it listens: `http://127.0.0.1:PORT`. */
  readonly url: string;
  now(): Date;
  /** A number that was never given before; ids of checks and deliveries do not fit 32 bits at GitHub either. */
  nextId(): number;
  readonly accounts: Map<string, Account>;
  readonly apps: Map<number, App>;
  readonly installations: Map<number, Installation>;
  readonly tokens: Map<string, Token>;
  /** By lower-case full name. */
  readonly repositories: Map<string, Repository>;
  /** Likewise, what repositories were called before they were renamed. */
  readonly formerNames: Map<string, Repository>;
  /** Whether apps may ask GraphQL who has access to a repository: at GitHub only those that can push may. */
  collaboratorsVisible: boolean;
}

export function createWorld(url: string, now: () => Date): World {
  let last = 1000;
  return {
    url,
    now,
    nextId: () => ++last,
    accounts: new Map(),
    apps: new Map(),
    installations: new Map(),
    tokens: new Map(),
    repositories: new Map(),
    formerNames: new Map(),
    collaboratorsVisible: false,
  };
}

/** Finds or makes an account; a login that ends in `[bot]` is a bot's. */
export function account(world: World, login: string, type?: Account['type']): Account {
  const known = world.accounts.get(login.toLowerCase());
  if (known !== undefined) return known;
  const made = {
    id: world.nextId(),
    login,
    type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
  } as const;
  world.accounts.set(login.toLowerCase(), made);
  return made;
}

/** GitHub ignores case in the names of owners and repositories. */
export function findRepository(world: World, fullName: string): Repository | undefined {
  return world.repositories.get(fullName.toLowerCase());
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function installationOn(world: World, app: App, owner: Account): Installation | undefined {
  return [...world.installations.values()].find(
    (installation) => installation.app === app && installation.account === owner,
  );
}

/** GitHub's form of a time: ISO 8601 without fractions. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}
