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
  /** A file of the root, read at the newest commit of each of these branches too. */
  readonly branches?: { readonly names: readonly string[]; readonly file: string };
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
  /** The file, by branch; null when it or the branch does not exist. */
  readonly branches: ReadonlyMap<string, CommitEntry | null>;
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

const branchAnswer = z
  .object({ file: z.object({ mode: z.number(), object: fileAnswer }).nullish() })
  .nullable();

const answer = z.object({ repository: z.looseObject({ commit }) });

/** Reads directories and files of one commit in one request. A repository or commit that is not there is an error. */
export async function readCommitFiles(
  octokit: Octokit,
  asked: CommitFilesQuery,
  clock: Pick<Clock, 'now'>,
): Promise<CommitFiles> {
  const { repository, sha, directories, names, branches = { names: [], file: '' } } = asked;
  const objects = directories.flatMap((directory, d) => [
    { alias: `d${d}`, fragment: 'Directory', path: directory === '.' ? '' : directory },
    ...names.map((name, n) => ({ alias: `d${d}f${n}`, fragment: 'File', path: join(directory, name) })),
  ]);
  const paths = objects.map(({ alias, path }) => [alias, `${sha}:${path}`]);
  const refs = branches.names.map((name, b) => [`b${b}`, `refs/heads/${name}`]);
  const variables = {
    owner: repository.owner,
    name: repository.name,
    sha,
    ...Object.fromEntries([...paths, ...refs]),
    ...(refs.length > 0 && { file: branches.file }),
  };
  const query = queryText(objects, branches.names.length);

  const data = await queryGraphQL(octokit, { query, variables, answer }, clock);

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
    branches: new Map(branches.names.map((name, b) => [name, branchEntry(found[`b${b}`])])),
  };
}

function branchEntry(found: unknown): CommitEntry | null {
  const file = readAnswer(branchAnswer, found, 'POST /graphql')?.file;
  return file == null ? null : { mode: file.mode, blob: file.object };
}

function otherThan(typename: 'Tree' | 'Blob') {
  return z.object({ __typename: z.string().refine((name) => name !== typename) }).transform(() => null);
}

export function join(directory: string, name: string): string {
  return directory === '.' ? name : `${directory}/${name}`;
}

/** Only aliases of our own making are pasted; what they stand for is in the variables. */
function queryText(objects: readonly { alias: string; fragment: string }[], branches: number): string {
  const refs = Array.from({ length: branches }, (_, b) => ({ alias: `b${b}`, fragment: 'Branch' }));
  const all = [...objects, ...refs];
  const file = branches === 0 ? '' : ', $file: String!';
  const declared = `${all.map(({ alias }) => `, $${alias}: String!`).join('')}${file}`;
  const fields = all.map(
    ({ alias, fragment }) => `    ${alias}: object(expression: $${alias}) { ...${fragment} }`,
  );
  const branch = `
fragment Branch on GitObject { ... on Commit { file(path: $file) { mode object { ...File } } } }`;
  return `query CommitFiles($owner: String!, $name: String!, $sha: GitObjectID!${declared}) {
  repository(owner: $owner, name: $name) {
    commit: object(oid: $sha) { __typename ... on Commit { message } }
${fields.join('\n')}
  }
}
fragment Directory on GitObject { __typename ... on Tree { entries { name mode } } }
fragment File on GitObject { __typename ... on Blob { oid byteSize isBinary isTruncated text } }${branches === 0 ? '' : branch}`;
}
