import type { Octokit } from '@octokit/rest';
import type { z } from 'zod';
import type { Clock } from '../app/ports.ts';
import { readAnswer } from './read-answer.ts';
import { toGitHubError } from './to-github-error.ts';

export interface GraphQLQuery<T> {
  readonly query: string;
  /** Everything that comes from events and repositories; never part of the query's text. */
  readonly variables: Readonly<Record<string, string | number>>;
  readonly answer: z.ZodType<T>;
}

/** One request. Any `errors` in the answer is a failure, even beside data: never "absent". */
export async function queryGraphQL<T>(
  octokit: Octokit,
  { query, variables, answer }: GraphQLQuery<T>,
  clock: Pick<Clock, 'now'>,
): Promise<T> {
  let data: unknown;
  try {
    data = await octokit.graphql(query, { ...variables });
  } catch (error) {
    throw toGitHubError(error, { method: 'POST', route: '/graphql', now: clock.now() });
  }
  return readAnswer(answer, data, 'POST /graphql');
}
