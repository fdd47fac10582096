import { appendFile, mkdir } from 'node:fs/promises';
import { runGit } from './git.ts';
import { type Commit, parseCommit, parseTree, type TreeEntry } from './git-objects.ts';
import {
  type CommitFiles,
  type FileChange,
  type ListedEntry,
  linesOf,
  parseChanges,
  parseListedTree,
  parseLog,
} from './git-output.ts';
import { createObjectReader, type GitObject } from './object-reader.ts';
import { readRefs } from './ref-files.ts';

/** The tree without entries, which every repository has. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
export const ZERO_SHA = '0'.repeat(40);

/** A file's text or bytes; with a mode for an executable (`100755`) or a symbolic link (`120000`). */
export type FileContent = string | Uint8Array | { readonly content: string; readonly mode: string };

export interface NewCommit {
  /** Paths to contents; null removes the file. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  readonly parents: readonly string[];
  readonly message: string;
  readonly at: Date;
}

/** A bare repository on disk, read and written by git's plumbing. */
export interface GitRepository {
  readonly directory: string;
  read(expression: string): Promise<GitObject | null>;
  /** The commit that an expression (sha, branch, tag) names, tags peeled; null when there is none. */
  commit(expression: string): Promise<Commit | null>;
  tree(expression: string): Promise<readonly TreeEntry[] | null>;
  refs(prefix?: string): Promise<ReadonlyMap<string, string>>;
  write(commit: NewCommit): Promise<string>;
  /** Moves, makes or (by the zero sha) deletes a ref. */
  updateRef(ref: string, sha: string): Promise<void>;
  /** Commits reachable from `include` and not from `exclude`, newest first. */
  revisions(
    include: readonly string[],
    exclude: readonly string[],
    limit: number,
    path?: string,
  ): Promise<string[]>;
  listTree(tree: string, recursive: boolean): Promise<ListedEntry[]>;
  /** The files that commits touch, against their first parents; oldest first. */
  log(include: string, exclude: readonly string[], limit: number): Promise<CommitFiles[]>;
  count(include: string, exclude: string): Promise<number>;
  mergeBase(one: string, other: string): Promise<string | null>;
  /** @param from null: everything is added */
  changes(from: string | null, to: string): Promise<FileChange[]>;
  /** Does work while no other work of this kind is done: whoever moves refs and tells of it. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

export async function createGitRepository(directory: string, defaultBranch: string): Promise<GitRepository> {
  await mkdir(directory, { recursive: true });
  await runGit(directory, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`]);
  const settings: Record<string, string> = {
    'uploadpack.allowAnySHA1InWant': 'true',
    'uploadpack.allowReachableSHA1InWant': 'true',
    'uploadpack.allowFilter': 'true',
    'http.receivepack': 'true',
    'transfer.hideRefs': 'refs/stand-in',
    'gc.auto': '0',
    'receive.autogc': 'false',
    'core.quotePath': 'false',
  };
  await writeSettings(directory, settings);
  return openGitRepository(directory);
}

async function writeSettings(directory: string, settings: Record<string, string>): Promise<void> {
  const lines = Object.entries(settings).map(([key, value]) => {
    const [section = '', name = ''] = key.split('.');
    return `[${section}]\n\t${name} = ${value}\n`;
  });
  await appendFile(`${directory}/config`, lines.join(''));
}

function openGitRepository(directory: string): GitRepository {
  const reader = createObjectReader(directory);
  const writes = createTurns();
  const moves = createTurns();

  async function git(...args: string[]): Promise<string> {
    return await runGit(directory, args);
  }

  return {
    directory,
    read: reader.read,
    async commit(expression) {
      const found = await reader.read(`${expression}^{commit}`);
      return found === null ? null : parseCommit(found);
    },
    async tree(expression) {
      const named = await reader.read(expression);
      // A path in an expression swallows what follows it, so what was named is peeled by its own id.
      const found =
        named === null || named.type === 'tree' ? named : await reader.read(`${named.oid}^{tree}`);
      return found === null ? null : parseTree(found.bytes);
    },
    refs: (prefix = 'refs/heads') => readRefs(directory, prefix),
    write: (commit) =>
      // One at a time: each goes through the same ref.
      writes(async () => {
        const input = fastImport(commit);
        const args = ['fast-import', '--quiet', '--force', '--date-format=raw'];
        return (await runGit(directory, args, { input })).trim();
      }),
    async updateRef(ref, sha) {
      await git('update-ref', ...(sha === ZERO_SHA ? ['-d', ref] : [ref, sha]));
    },
    async revisions(include, exclude, limit, path) {
      const not = exclude.length > 0 ? ['--not', ...exclude] : [];
      const below = path === undefined ? [] : [path];
      const how = ['--topo-order', `--max-count=${limit}`];
      return linesOf(await git('rev-list', ...how, ...include, ...not, '--', ...below));
    },
    async listTree(tree, recursive) {
      const output = await git('ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), tree);
      return parseListedTree(output);
    },
    async log(include, exclude, limit) {
      const not = exclude.length > 0 ? ['--not', ...exclude] : [];
      const how = ['--reverse', '--topo-order', '--no-renames', '--raw', '-z', '--diff-merges=first-parent'];
      return parseLog(
        await git('log', ...how, '--format=%x01%H', `--max-count=${limit}`, include, ...not, '--'),
      );
    },
    async count(include, exclude) {
      return Number(await git('rev-list', '--count', include, `^${exclude}`, '--'));
    },
    async mergeBase(one, other) {
      const output = await runGit(directory, ['merge-base', one, other], { accept: [1] });
      return output.trim() || null;
    },
    async changes(from, to) {
      const output = await git(
        'diff-tree',
        '-r',
        '-z',
        '-M',
        '--no-abbrev',
        '--raw',
        '--numstat',
        from ?? EMPTY_TREE,
        to,
        '--',
      );
      return parseChanges(output);
    },
    exclusively: moves,
    close: reader.close,
  };
}

/** Lets work be done one after the other. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

/** The commit as a stream for `git fast-import`, which answers with the new sha. */
function fastImport(commit: NewCommit): Buffer {
  const seconds = Math.floor(commit.at.getTime() / 1000);
  const person = `Developer <developer@example.com> ${seconds} +0000`;
  const [parent, ...merged] = commit.parents;
  const parts: (string | Uint8Array)[] = [
    'commit refs/stand-in/commit\nmark :1\n',
    `author ${person}\ncommitter ${person}\n`,
    ...data(commit.message),
  ];
  if (parent !== undefined) parts.push(`from ${parent}\n`);
  for (const other of merged) parts.push(`merge ${other}\n`);
  for (const [path, file] of Object.entries(commit.files)) {
    if (file === null) {
      parts.push(`D ${quotePath(path)}\n`);
      continue;
    }
    const plain = typeof file === 'string' || file instanceof Uint8Array;
    const mode = plain ? '100644' : file.mode;
    parts.push(`M ${mode} inline ${quotePath(path)}\n`, ...data(plain ? file : file.content));
  }
  parts.push('\nget-mark :1\n', 'done\n');
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function data(content: string | Uint8Array): (string | Uint8Array)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}

/** Paths are quoted as C strings: they may hold anything but NUL. */
function quotePath(path: string): string {
  const escaped = path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}
