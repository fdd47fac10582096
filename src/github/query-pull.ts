import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Permission, PullRequestState } from '../app/github-ports.ts';
import type { Clock } from '../app/ports.ts';
import type { Person, RepositoryRef } from '../core/plan/event.ts';
import {
  branchEntry,
  type CommitFiles,
  type CommitFilesPart,
  type CommitFilesQuery,
  commitFilesPart,
  commitNode,
} from './commit-files.ts';
import { PULL_FIELDS, pullNode, stateOfNode } from './pull-node.ts';
import { queryGraphQL } from './query-graphql.ts';

export interface AskedPull {
  readonly repository: RepositoryRef;
  readonly number: number;
  /** Whose access is asked for as well. */
  readonly who?: Person | undefined;
  /** The comment that gets a 👀 as well, by GraphQL's id; doing it twice does nothing more. */
  readonly comment?: string | undefined;
  /** Files of a commit that are read as well. */
  readonly files?: CommitFilesQuery | undefined;
}

export interface FoundPull {
  readonly pull: PullRequestState;
  /**
   * Null when it was not asked, the app may not see it, which GitHub shows to those who can push, or the account is not listed: owners of
   * organizations may have access all the same.
   */
  readonly permission: Permission | null;
  /** With the branch that the pull request is into; null when they were not asked for, or there is no such commit. */
  readonly files: CommitFiles | null;
}

const edge = z.object({ permission: z.string(), node: z.object({ databaseId: z.number().nullable() }) });

const repositoryNode = z.looseObject({
  pullRequest: pullNode.extend({ baseRef: z.object({ target: z.unknown() }).nullish() }),
  commit: commitNode.nullish(),
  collaborators: z.object({ edges: z.array(edge.nullable()).nullable() }).nullish(),
});

type RepositoryNode = z.infer<typeof repositoryNode>;

const queried = z.object({ repository: repositoryNode }).transform(({ repository }) => repository);

const mutated = z
  .object({ addReaction: z.object({ subject: z.object({ repository: repositoryNode }) }) })
  .transform(({ addReaction }) => addReaction.subject.repository);

/** https://docs.github.com/graphql/reference/enums#repositorypermission */
const PERMISSIONS: Readonly<Record<string, Permission>> = {
  ADMIN: 'write',
  MAINTAIN: 'write',
  WRITE: 'write',
  TRIAGE: 'read',
  READ: 'read',
};

/**
 * A pull request and what else is asked for, in one request. Rejects as GitHub's REST API would: with 404 for a pull request or a comment
 * that is not there, with 403 for a comment that the app may not react to.
 */
export async function queryPull(
  octokit: Octokit,
  asked: AskedPull,
  clock: Pick<Clock, 'now'>,
): Promise<FoundPull> {
  const part = asked.files && commitFilesPart(asked.files);
  const found = await queryGraphQL(octokit, queryOf(asked, part), clock);
  const { pullRequest, collaborators, commit } = found;
  const { who } = asked;
  // A login can be given up, and taken by somebody else.
  const own = collaborators?.edges?.find((one) => one?.node.databaseId === who?.id && who?.id !== 0);
  return {
    pull: stateOfNode(pullRequest),
    permission: own == null ? null : (PERMISSIONS[own.permission] ?? 'none'),
    files:
      commit == null || part === undefined ? null : withBase(part.read({ ...found, commit }), pullRequest),
  };
}

function withBase(files: CommitFiles, { baseRefName, baseRef }: RepositoryNode['pullRequest']): CommitFiles {
  const base = baseRef == null ? null : branchEntry(baseRef.target);
  return { ...files, branches: new Map([...files.branches, [baseRefName, base]]) };
}

/** A mutation tells of what it has changed, and so of the repository around it. */
function queryOf({ repository, number, who, comment }: AskedPull, files: CommitFilesPart | undefined) {
  const { owner, name } = repository;
  const variables = { number, ...(who && { login: who.login }), ...files?.variables };
  const fields = `pullRequest(number: $number) {
      ${PULL_FIELDS}${files ? BASE : ''}
    }${who ? ACCESS : ''}${files ? `\n${files.fields}` : ''}`;
  const declared = `$number: Int!${who ? ', $login: String!' : ''}${files ? `, ${files.declared}` : ''}`;
  const refusable = 'collaborators';
  const fragments = files ? `\n${files.fragments}` : '';
  if (comment === undefined) {
    const query = `query Pull($owner: String!, $name: String!, ${declared}) {
  repository(owner: $owner, name: $name) {
    ${fields}
  }
}${fragments}`;
    return { query, variables: { owner, name, ...variables }, answer: queried, refusable };
  }
  const query = `mutation Acknowledge($comment: ID!, ${declared}) {
  addReaction(input: { subjectId: $comment, content: EYES }) {
    subject { ... on IssueComment { repository {
    ${fields}
    } } }
  }
}${fragments}`;
  return { query, variables: { comment, ...variables }, answer: mutated, refusable };
}

/** `login` names one account exactly, where `query` would search. */
const ACCESS = `
    collaborators(login: $login, first: 1) { edges { permission node { databaseId } } }`;

/** As one of the branches that the files are asked of. */
const BASE = `
      baseRef { target { ...Branch } }`;
