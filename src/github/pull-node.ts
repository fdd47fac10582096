import { z } from 'zod';
import type { PullRequestState } from '../app/github-ports.ts';
import type { Person } from '../core/plan/event.ts';
import { NOBODY } from './event-payload.ts';

/** What a query asks of a pull request. */
export const PULL_FIELDS = `number state updatedAt headRefOid headRefName baseRefName
      headRepository { databaseId }
      author { __typename login ... on User { databaseId } ... on Bot { databaseId } }`;

const author = z.object({ __typename: z.string(), login: z.string(), databaseId: z.number().nullish() });

/** What is answered. */
export const pullNode = z.object({
  number: z.number(),
  state: z.string(),
  headRefOid: z.string(),
  headRefName: z.string(),
  baseRefName: z.string(),
  updatedAt: z.iso.datetime({ offset: true }),
  headRepository: z.object({ databaseId: z.number() }).nullable(),
  author: author.nullable(),
});

export function stateOfNode(pull: z.infer<typeof pullNode>): PullRequestState {
  return {
    number: pull.number,
    open: pull.state === 'OPEN',
    sha: pull.headRefOid,
    branch: pull.headRefName,
    headRepositoryId: pull.headRepository?.databaseId ?? null,
    base: pull.baseRefName,
    author: personOf(pull.author),
    at: new Date(pull.updatedAt),
  };
}

function personOf(found: z.infer<typeof author> | null): Person {
  if (found === null || found.databaseId == null) return NOBODY;
  const bot = found.__typename === 'Bot';
  // Bots have no suffix here, and one in events.
  return { id: found.databaseId, login: bot ? `${found.login}[bot]` : found.login, bot };
}
