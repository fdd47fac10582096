import { dump } from 'js-yaml';
import type { Permission, PullRequestState } from '../../src/app/github-ports.ts';
import type { Person, RepositoryRef } from '../../src/core/plan/event.ts';
import { REPOSITORY } from '../core/plan/examples.ts';

/** What a test says of GitHub before anything happens. */
export interface Given {
  /** Of every commit that has none of its own: text or YAML. */
  readonly config?: unknown;
  /** By letter. */
  readonly commits?: Readonly<Record<string, GivenCommit>>;
  /** Commits' letters by branch. */
  readonly branches?: Readonly<Record<string, string>>;
  /** What people may do, by login. */
  readonly people?: Readonly<Record<string, Permission>>;
  /** Further bots that the operator trusts as much as dependabot. */
  readonly bots?: readonly string[];
  /** What has happened before, and was acted on. */
  readonly happened?: readonly string[];
}

export interface GivenCommit {
  /** Text or YAML; `none` for a commit without a config. */
  readonly config?: unknown;
  readonly message?: string;
  /** Files that it changes. */
  readonly changes?: readonly string[];
  /** GitHub cannot list all that it changes. */
  readonly incomplete?: boolean;
}

export interface Commit {
  /** Null without one. */
  readonly config: string | null;
  readonly message: string;
  readonly changes: readonly string[];
  readonly complete: boolean;
}

/** A GitHub of one repository: what is there now, whatever has been told of it. */
export interface GitHubState {
  repository: RepositoryRef;
  /** By branch. */
  readonly branches: Map<string, string>;
  readonly pulls: Map<number, PullRequestState>;
  readonly bots: readonly string[];
  commit(letter: string): Commit;
  person(login: string): Person;
  permissionOf(id: number): Permission;
}

/** Id of the repository that every fork is. */
export const FORK = 4711;

const PEOPLE: Given['people'] = { octo: 'write', mona: 'none' };
const BOTS = ['dependabot[bot]'];

export function createGitHubState(given: Given): GitHubState {
  const people = { ...PEOPLE, ...given.people };
  const logins = new Map<string, number>();
  const person = (login: string): Person => {
    const id = logins.get(login) ?? logins.size + 1;
    logins.set(login, id);
    return { id, login, bot: login.endsWith('[bot]') };
  };
  return {
    repository: REPOSITORY,
    branches: new Map(Object.entries(given.branches ?? { main: 'O' })),
    pulls: new Map(),
    bots: [...BOTS, ...(given.bots ?? [])],
    commit(letter) {
      const { config = given.config, message, changes, incomplete } = given.commits?.[letter] ?? {};
      return {
        config: textOf(config),
        message: message ?? `feat: ${letter}`,
        changes: changes ?? ['README.md'],
        complete: incomplete !== true,
      };
    },
    person,
    permissionOf: (id) => people[[...logins].find(([, known]) => known === id)?.[0] ?? ''] ?? 'none',
  };
}

function textOf(config: unknown): string | null {
  if (config === undefined) return 'node: 24\ntest: npm test\n';
  if (config === 'none') return null;
  return typeof config === 'string' ? config : dump(config);
}
