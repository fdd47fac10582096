import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Clock } from '../app/ports.ts';
import type { RepositoryRef } from '../core/plan/event.ts';
import { queryGraphQL } from './query-graphql.ts';
import { readAnswer } from './read-answer.ts';

export interface CommitFilesQuery {
  readonly repository: RepositoryRef;
  readonly sha: string;
  /** Relative to the root, without leading or trailing slash; `.` for the root. */
  readonly directories: readonly string[];
  /** Names that are read in each of the directories. */
  readonly names: readonly string[];
}

/** An entry of a directory, with its content when it is one of the names that were asked for. */
export interface CommitEntry {
  readonly mode: number;
  readonly blob: Blob | null;
}

export type Blob = z.infer<typeof blob>;

export interface CommitFiles {
  readonly message: string;
  /** By directory, then by name. A directory that does not exist has no entries. */
  readonly directories: ReadonlyMap<string, ReadonlyMap<string, CommitEntry>>;
}

const blob = z.object({
  __typename: z.literal('Blob'),
  oid: z.string().min(1),
  byteSize: z.number(),
  /** Null when GitHub cannot tell. */
  isBinary: z.boolean().nullable(),
  isTruncated: z.boolean(),
  text: z.string().nullable(),
});

const commit = z.object({ __typename: z.literal('Commit'), message: z.string() });

const tree = z.object({
  __typename: z.literal('Tree'),
  entries: z.array(z.object({ name: z.string(), mode: z.number() })),
});

/** Where a directory was asked for, something else may be: that is then no directory. Likewise for files. */
const directoryAnswer = z.union([tree, otherThan('Tree')]).nullable();
const fileAnswer = z.union([blob, otherThan('Blob')]).nullable();

const answer = z.object({ repository: z.looseObject({ commit }) });

/** Reads directories and files of one commit in one request. A repository or commit that is not there is an error. */
export async function readCommitFiles(
  octokit: Octokit,
  asked: CommitFilesQuery,
  clock: Pick<Clock, 'now'>,
): Promise<CommitFiles> {
  const { repository, sha, directories, names } = asked;
  const objects = directories.flatMap((directory, d) => [
    { alias: `d${d}`, fragment: 'Directory', path: directory === '.' ? '' : directory },
    ...names.map((name, n) => ({ alias: `d${d}f${n}`, fragment: 'File', path: join(directory, name) })),
  ]);
  const paths = objects.map(({ alias, path }) => [alias, `${sha}:${path}`]);
  const variables = { owner: repository.owner, name: repository.name, sha, ...Object.fromEntries(paths) };

  const data = await queryGraphQL(octokit, { query: queryText(objects), variables, answer }, clock);

  const found = data.repository;
  const entriesOf = (directory: string, d: number) => {
    const listed = readAnswer(directoryAnswer, found[`d${d}`], 'POST /graphql');
    if (listed === null && directory === '.') throw new Error('GitHub does not give the root of the commit');
    const blobs = names.map((_, n) => readAnswer(fileAnswer, found[`d${d}f${n}`], 'POST /graphql'));
    const blobOf = (name: string) => blobs[names.indexOf(name)] ?? null;
    return new Map((listed?.entries ?? []).map(({ name, mode }) => [name, { mode, blob: blobOf(name) }]));
  };
  return {
    message: found.commit.message,
    directories: new Map(directories.map((directory, d) => [directory, entriesOf(directory, d)])),
  };
}

function otherThan(typename: 'Tree' | 'Blob') {
  return z.object({ __typename: z.string().refine((name) => name !== typename) }).transform(() => null);
}

export function join(directory: string, name: string): string {
  return directory === '.' ? name : `${directory}/${name}`;
}

/** Only aliases of our own making are pasted; what they stand for is in the variables. */
function queryText(objects: readonly { alias: string; fragment: string }[]): string {
  const declared = objects.map(({ alias }) => `, $${alias}: String!`).join('');
  const fields = objects.map(
    ({ alias, fragment }) => `    ${alias}: object(expression: $${alias}) { ...${fragment} }`,
  );
  return `query CommitFiles($owner: String!, $name: String!, $sha: GitObjectID!${declared}) {
  repository(owner: $owner, name: $name) {
    commit: object(oid: $sha) { __typename ... on Commit { message } }
${fields.join('\n')}
  }
}
fragment Directory on GitObject { __typename ... on Tree { entries { name mode } } }
fragment File on GitObject { __typename ... on Blob { oid byteSize isBinary isTruncated text } }`;
}
