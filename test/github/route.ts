import type { Answer } from './answer.ts';
import type { Caller } from './credentials.ts';
import type { Parts } from './parts.ts';
import { type App, type Json, type Level, type Repository, type Token, timestamp } from './world.ts';

export interface Call extends Parts {
  readonly caller: Caller;
  /** As it was asked, for the links to other pages. */
  readonly query: URLSearchParams;
  /** Of the path and the query, with the types that the description gives them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Valid by the description. */
  readonly body: Json;
}

export interface AppCall extends Call {
  readonly app: App;
}

export interface InstallationCall extends Call {
  readonly token: Token;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
  /** The app whose token it is; null for anonymous reads. */
  readonly app: App | null;
}

type Reply = Answer | Promise<Answer>;

/** One operation of the REST API: who may ask for it, and its answer. */
export type Route =
  | { readonly operation: string; readonly as: 'anyone'; handle(call: Call): Reply }
  | { readonly operation: string; readonly as: 'app'; handle(call: AppCall): Reply }
  | { readonly operation: string; readonly as: 'installation'; handle(call: InstallationCall): Reply }
  | {
      readonly operation: string;
      readonly as: 'repository';
      readonly permission: string;
      readonly level: Level;
      handle(call: RepositoryCall): Reply;
    };

export function textOf(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(values: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = values[name];
  return typeof value === 'number' ? value : undefined;
}

/** A time as people write it, in GitHub's form. */
export function timeOf(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = textOf(values, name);
  return value === undefined ? undefined : timestamp(new Date(value));
}

export interface Page<T> {
  readonly items: T[];
  readonly headers: Record<string, string>;
}

/** One page of a list (`per_page`, `page`) and the `Link` header that leads on. */
export function pageOf<T>(call: Call, url: string, all: readonly T[]): Page<T> {
  const size = Math.min(Math.max(numberOf(call.parameters, 'per_page') ?? 30, 1), 100);
  const page = Math.max(numberOf(call.parameters, 'page') ?? 1, 1);
  const last = Math.max(Math.ceil(all.length / size), 1);
  const link = (number: number, rel: string) => `<${withQuery(call, url, { page: number })}>; rel="${rel}"`;
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

/** The address with the query that was asked, some of it replaced. */
export function withQuery(call: Call, url: string, replaced: Record<string, string | number>): string {
  const query = new URLSearchParams(call.query);
  for (const [name, value] of Object.entries(replaced)) query.set(name, String(value));
  return `${url}?${query}`;
}
