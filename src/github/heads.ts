import { z } from 'zod';
import type { Head, Heads, InstalledRepository } from '../app/github-ports.ts';
import type { RepositoryRef } from '../core/plan/event.ts';
import type { GitHubClients } from './clients.ts';
import { PULL_FIELDS, pullNode, stateOfNode } from './pull-node.ts';
import { queryGraphQL } from './query-graphql.ts';
import { readAnswer } from './read-answer.ts';

const INSTALLATIONS = 'GET /app/installations';
const REPOSITORIES = 'GET /installation/repositories';

const PAGE = 100;

const installations = z.array(
  z.object({
    id: z.number(),
    created_at: z.iso.datetime({ offset: true }),
    suspended_at: z.string().nullish(),
  }),
);

const repositories = z.object({
  repositories: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      owner: z.object({ login: z.string() }),
      default_branch: z.string(),
      clone_url: z.string(),
      html_url: z.string(),
      pushed_at: z.iso.datetime({ offset: true }).nullish(),
      archived: z.boolean().optional(),
    }),
  ),
});

const commit = z.object({
  __typename: z.literal('Commit'),
  oid: z.string(),
  committedDate: z.iso.datetime({ offset: true }),
  message: z.string(),
  author: z.object({ name: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }).nullish(),
  file: z.object({ name: z.string() }).nullish(),
});

/** A tag may name another tag, a tree or a blob: those are no commits to run. */
const other = z.object({ __typename: z.string() }).transform(() => null);
const target = z.union([
  commit,
  z.object({ __typename: z.literal('Tag'), target: z.union([commit, other]) }).transform((tag) => tag.target),
  other,
]);

const refs = z.object({ nodes: z.array(z.object({ name: z.string(), target: target.nullable() })) });
const answer = z.object({
  repository: z.object({ branches: refs, tags: refs, pulls: z.object({ nodes: z.array(pullNode) }) }),
});

const QUERY = `query Heads($owner: String!, $name: String!, $config: String!) {
  repository(owner: $owner, name: $name) {
    branches: refs(refPrefix: "refs/heads/", first: 100, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) { ...Refs }
    tags: refs(refPrefix: "refs/tags/", first: 100, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) { ...Refs }
    pulls: pullRequests(states: OPEN, first: 100, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes {
      ${PULL_FIELDS}
    } }
  }
}
fragment Refs on RefConnection { nodes { name target { __typename ...Commit ... on Tag { target { __typename ...Commit } } } } }
fragment Commit on Commit { oid committedDate message author { name user { login } } file(path: $config) { name } }`;

/** The heads of all repositories that the app is installed on; archived and suspended ones are left out. */
export function createHeads(clients: GitHubClients, options: { readonly configFile: string }): Heads {
  return {
    async *repositories() {
      for await (const { id, created_at, suspended_at } of pages(listInstallations)) {
        if (suspended_at == null) yield* repositoriesOf(id, new Date(created_at));
      }
    },
    async newest(repository) {
      const { owner, name } = repository;
      const octokit = clients.installation(repository.installationId);
      const variables = { owner, name, config: options.configFile };
      const found = await queryGraphQL(octokit, { query: QUERY, variables, answer }, clients.clock);
      const { branches, tags, pulls } = found.repository;
      return {
        heads: [
          ...branches.nodes.flatMap((node) => headOf('branch', node)),
          ...tags.nodes.flatMap((node) => headOf('tag', node)),
        ],
        forks: pulls.nodes
          .map(stateOfNode)
          .filter(({ headRepositoryId }) => headRepositoryId !== repository.id),
      };
    },
  };

  async function listInstallations(page: number) {
    const { data } = await clients.app().request(INSTALLATIONS, { per_page: PAGE, page });
    return readAnswer(installations, data, INSTALLATIONS);
  }

  async function* repositoriesOf(
    installationId: number,
    installedAt: Date,
  ): AsyncGenerator<InstalledRepository> {
    const octokit = clients.installation(installationId);
    const list = async (page: number) => {
      const { data } = await octokit.request(REPOSITORIES, { per_page: PAGE, page });
      return readAnswer(repositories, data, REPOSITORIES).repositories;
    };
    for await (const { archived, pushed_at, ...repository } of pages(list)) {
      if (archived || pushed_at == null) continue;
      yield { repository: refOf(installationId, repository), installedAt, pushedAt: new Date(pushed_at) };
    }
  }
}

/** The items of all pages, each asked for when it is needed. */
async function* pages<Item>(list: (page: number) => Promise<readonly Item[]>): AsyncGenerator<Item> {
  for (let number = 1, last = false; !last; number += 1) {
    const items = await list(number);
    yield* items;
    last = items.length < PAGE;
  }
}

type Listed = Pick<
  z.infer<typeof repositories>['repositories'][number],
  'id' | 'name' | 'owner' | 'default_branch' | 'clone_url' | 'html_url'
>;

function refOf(installationId: number, repository: Listed): RepositoryRef {
  const { id, name, owner, default_branch, clone_url, html_url } = repository;
  return {
    installationId,
    id,
    owner: owner.login,
    name,
    defaultBranch: default_branch,
    cloneUrl: clone_url,
    htmlUrl: html_url,
  };
}

function headOf(kind: Head['ref']['kind'], node: z.infer<typeof refs>['nodes'][number]): Head[] {
  if (node.target === null) return [];
  const { oid, committedDate, message, author, file } = node.target;
  const login = author?.user?.login ?? author?.name ?? '';
  return [
    {
      ref: { kind, name: node.name },
      sha: oid,
      committedAt: new Date(committedDate),
      message,
      // GitHub gives apps no user in commits, but their commits bear their name.
      author: { login, bot: /\[bot\]$/.test(author?.name ?? '') },
      configured: file != null,
    },
  ];
}
