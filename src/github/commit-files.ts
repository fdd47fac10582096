import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Clock } from '../app/ports.ts';
import type { RepositoryRef } from '../core/plan/event.ts';
import { queryGraphQL } from './query-graphql.ts';
import { readAnswer } from './read-answer.ts';

export interface CommitFilesQuery {
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

/** What an id stands for, which may be nothing of ours. */
export const commitNode = z.union([commit, otherThan('Commit')]);

const answer = z.object({ repository: z.looseObject({ commit }) });

/** What a query asks of its repository, to be put beside other fields. */
export interface CommitFilesPart {
  /** Of variables, without the first comma. */
  readonly declared: string;
  readonly fields: string;
  readonly fragments: string;
  readonly variables: Readonly<Record<string, string>>;
  /** From what the repository answered, whose `commit` was there. */
  read(found: CommitAnswer): CommitFiles;
}

export type CommitAnswer = z.infer<typeof answer>['repository'];

/** Reads directories and files of one commit in one request. A repository or commit that is not there is an error. */
export async function readCommitFiles(
  octokit: Octokit,
  { repository: { owner, name }, ...asked }: CommitFilesQuery & { readonly repository: RepositoryRef },
  clock: Pick<Clock, 'now'>,
): Promise<CommitFiles> {
  const { declared, fields, fragments, variables, read } = commitFilesPart(asked);
  const query = `query CommitFiles($owner: String!, $name: String!, ${declared}) {
  repository(owner: $owner, name: $name) {
${fields}
  }
}
${fragments}`;
  const data = await queryGraphQL(
    octokit,
    { query, variables: { owner, name, ...variables }, answer },
    clock,
  );
  return read(data.repository);
}

/** Only aliases of our own making are pasted; what they stand for is in the variables. */
export function commitFilesPart(asked: CommitFilesQuery): CommitFilesPart {
  const { sha, directories, names, branches = { names: [], file: '' } } = asked;
  const objects = directories.flatMap((directory, d) => [
    { alias: `d${d}`, fragment: 'Directory', path: directory === '.' ? '' : directory },
    ...names.map((name, n) => ({ alias: `d${d}f${n}`, fragment: 'File', path: join(directory, name) })),
  ]);
  const paths = objects.map(({ alias, path }) => [alias, `${sha}:${path}`]);
  const refs = branches.names.map((name, b) => [`b${b}`, `refs/heads/${name}`]);
  return {
    ...queryParts(objects, branches.names.length),
    variables: {
      sha,
      ...Object.fromEntries([...paths, ...refs]),
      ...(refs.length > 0 && { file: branches.file }),
    },
    read: (found) => readFound(asked, found),
  };
}

function readFound({ directories, names, branches }: CommitFilesQuery, found: CommitAnswer): CommitFiles {
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
    branches: new Map(branches?.names.map((name, b) => [name, branchEntry(found[`b${b}`])])),
  };
}

export function branchEntry(found: unknown): CommitEntry | null {
  const file = readAnswer(branchAnswer, found, 'POST /graphql')?.file;
  return file == null ? null : { mode: file.mode, blob: file.object };
}

function otherThan(typename: 'Tree' | 'Blob' | 'Commit') {
  return z.object({ __typename: z.string().refine((name) => name !== typename) }).transform(() => null);
}

export function join(directory: string, name: string): string {
  return directory === '.' ? name : `${directory}/${name}`;
}

function queryParts(
  objects: readonly { alias: string; fragment: string }[],
  branches: number,
): Pick<CommitFilesPart, 'declared' | 'fields' | 'fragments'> {
  const refs = Array.from({ length: branches }, (_, b) => ({ alias: `b${b}`, fragment: 'Branch' }));
  const all = [...objects, ...refs];
  const file = branches === 0 ? '' : ', $file: String!';
  const fields = all.map(
    ({ alias, fragment }) => `    ${alias}: object(expression: $${alias}) { ...${fragment} }`,
  );
  const branch = `
fragment Branch on GitObject { ... on Commit { file(path: $file) { mode object { ...File } } } }`;
  return {
    declared: `$sha: GitObjectID!${all.map(({ alias }) => `, $${alias}: String!`).join('')}${file}`,
    fields: ['    commit: object(oid: $sha) { __typename ... on Commit { message } }', ...fields].join('\n'),
    fragments: `fragment Directory on GitObject { __typename ... on Tree { entries { name mode } } }
fragment File on GitObject { __typename ... on Blob { oid byteSize isBinary isTruncated text } }${branches === 0 ? '' : branch}`,
  };
}
