import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Permission, PullRequestState } from '../app/github-ports.ts';
import type { Clock } from '../app/ports.ts';
import type { Person, RepositoryRef } from '../core/plan/event.ts';
import { PULL_FIELDS, pullNode, stateOfNode } from './pull-node.ts';
import { queryGraphQL } from './query-graphql.ts';

export interface AskedPull {
  readonly repository: RepositoryRef;
  readonly number: number;
  /** Whose access is asked for as well. */
  readonly who?: Person | undefined;
  /** The comment that gets a 👀 as well, by GraphQL's id; doing it twice does nothing more. */
  readonly comment?: string | undefined;
}

export interface FoundPull {
  readonly pull: PullRequestState;
  /** Null when it was not asked, or the account is not listed: owners of organizations may have access all the same. */
  readonly permission: Permission | null;
}

const edge = z.object({ permission: z.string(), node: z.object({ databaseId: z.number().nullable() }) });

const repositoryNode = z.object({
  pullRequest: pullNode,
  collaborators: z.object({ edges: z.array(edge.nullable()).nullable() }).nullish(),
});

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
 * that is not there, with 403 for an app that may not see who has access.
 */
export async function queryPull(
  octokit: Octokit,
  asked: AskedPull,
  clock: Pick<Clock, 'now'>,
): Promise<FoundPull> {
  const { pullRequest, collaborators } = await queryGraphQL(octokit, queryOf(asked), clock);
  const { who } = asked;
  // A login can be given up, and taken by somebody else.
  const own = collaborators?.edges?.find((found) => found?.node.databaseId === who?.id && who?.id !== 0);
  return {
    pull: stateOfNode(pullRequest),
    permission: own == null ? null : (PERMISSIONS[own.permission] ?? 'none'),
  };
}

/** A mutation tells of what it has changed, and so of the repository around it. */
function queryOf({ repository: { owner, name }, number, who, comment }: AskedPull) {
  const login = who && { login: who.login };
  const fields = `pullRequest(number: $number) {
      ${PULL_FIELDS}
    }${who ? ACCESS : ''}`;
  const declared = `$number: Int!${who ? ', $login: String!' : ''}`;
  if (comment === undefined) {
    const query = `query Pull($owner: String!, $name: String!, ${declared}) {
  repository(owner: $owner, name: $name) {
    ${fields}
  }
}`;
    return { query, variables: { owner, name, number, ...login }, answer: queried };
  }
  const query = `mutation Acknowledge($comment: ID!, ${declared}) {
  addReaction(input: { subjectId: $comment, content: EYES }) {
    subject { ... on IssueComment { repository {
    ${fields}
    } } }
  }
}`;
  return { query, variables: { comment, number, ...login }, answer: mutated };
}

/** `login` names one account exactly, where `query` would search. */
const ACCESS = `
    collaborators(login: $login, first: 1) { edges { permission node { databaseId } } }`;
