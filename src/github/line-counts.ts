import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Clock } from '../app/ports.ts';
import type { RepositoryRef } from '../core/plan/event.ts';
import { queryGraphQL } from './query-graphql.ts';

/** Files in one request; more are not asked for. */
const MOST_FILES = 100;

const file = z.object({ text: z.string().nullish() }).nullable();

const answer = z.object({ repository: z.record(z.string(), file) });

export interface LineCountsQuery {
  readonly repository: RepositoryRef;
  readonly sha: string;
  readonly paths: readonly string[];
}

/** How many lines the text files at these paths of a commit have, in one request. Paths at which there is none are left out. */
export async function readLineCounts(
  octokit: Octokit,
  { repository, sha, paths }: LineCountsQuery,
  clock: Pick<Clock, 'now'>,
): Promise<ReadonlyMap<string, number>> {
  const asked = paths.slice(0, MOST_FILES);
  const variables = {
    owner: repository.owner,
    name: repository.name,
    ...Object.fromEntries(asked.map((path, index) => [`f${index}`, `${sha}:${path}`])),
  };
  const query = queryText(asked.length);
  const { repository: found } = await queryGraphQL(octokit, { query, variables, answer }, clock);
  return new Map(
    asked.flatMap((path, index) => {
      const text = found[`f${index}`]?.text;
      return text == null ? [] : [[path, countLines(text)] as const];
    }),
  );
}

function countLines(text: string): number {
  const ends = text.split('\n').length - 1;
  return text.endsWith('\n') || text === '' ? ends : ends + 1;
}

/** Only aliases of our own making are pasted; what they stand for is in the variables. */
function queryText(files: number): string {
  const aliases = Array.from({ length: files }, (_, index) => `f${index}`);
  const declared = aliases.map((alias) => `, $${alias}: String!`).join('');
  const fields = aliases.map((alias) => `    ${alias}: object(expression: $${alias}) { ...File }`);
  return `query LineCounts($owner: String!, $name: String!${declared}) {
  repository(owner: $owner, name: $name) {
${fields.join('\n')}
  }
}
fragment File on GitObject { ... on Blob { text } }`;
}
