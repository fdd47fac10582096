import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Clock } from '../app/ports.ts';
import { readAnswer } from './read-answer.ts';
import { toGitHubError } from './to-github-error.ts';

export interface GraphQLQuery<T> {
  readonly query: string;
  /** Everything that comes from events and repositories; never part of the query's text. */
  readonly variables: Readonly<Record<string, string | number>>;
  readonly answer: z.ZodType<T>;
  /** A field that GitHub may refuse to the app: it is null in the answer then. */
  readonly refusable?: string;
}

const refused = z.object({
  name: z.literal('GraphqlResponseError'),
  data: z.unknown(),
  errors: z.array(
    z.object({ type: z.literal('FORBIDDEN'), path: z.array(z.union([z.string(), z.number()])) }),
  ),
});

/** One request. Any `errors` in the answer is a failure, even beside data: never "absent". One of a refusable field alone is none. */
export async function queryGraphQL<T>(
  octokit: Octokit,
  { query, variables, answer, refusable }: GraphQLQuery<T>,
  clock: Pick<Clock, 'now'>,
): Promise<T> {
  let data: unknown;
  try {
    data = await octokit.graphql(query, { ...variables });
  } catch (error) {
    const { success, data: left } = refused.safeParse(error);
    const isRefused = success && left.errors.every(({ path }) => path.at(-1) === refusable);
    if (isRefused && refusable !== undefined) return readAnswer(answer, left.data, 'POST /graphql');
    throw toGitHubError(error, { method: 'POST', route: '/graphql', now: clock.now() });
  }
  return readAnswer(answer, data, 'POST /graphql');
}
