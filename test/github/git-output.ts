export interface FileChange {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly path: string;
  readonly previousPath?: string;
  /** The blob after the change; of a removed file the one before. */
  readonly oid: string;
  readonly additions: number;
  readonly deletions: number;
}

export interface CommitFiles {
  readonly oid: string;
  readonly added: string[];
  readonly removed: string[];
  readonly modified: string[];
}

const STATUS: Record<string, FileChange['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

export interface ListedEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly oid: string;
  /** Of a blob, in bytes. */
  readonly size: number | null;
}

export function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line !== '');
}

/** Reads `ls-tree -z -l`: `<mode> <type> <oid> <size>\t<path>` each. */
export function parseListedTree(output: string): ListedEntry[] {
  return [...output.matchAll(/(\d{6}) (\w+) ([0-9a-f]{40}) +(\d+|-)\t([^\0]*)\0/g)].map(
    ([, mode = '', type = '', oid = '', size = '', path = '']) => ({
      path,
      mode,
      type,
      oid,
      size: size === '-' ? null : Number(size),
    }),
  );
}

/** Reads `diff-tree --raw --numstat -z`: first all raw records, then all counts, in the same order. */
export function parseChanges(output: string): FileChange[] {
  const fields = output.split('\0');
  const changes: Omit<FileChange, 'additions' | 'deletions'>[] = [];
  let index = 0;
  while (fields[index]?.startsWith(':')) {
    const [, , before = '', after = '', letter = ''] = fields[index]?.split(' ') ?? [];
    const status = STATUS[letter[0] ?? ''] ?? 'changed';
    const oid = status === 'removed' ? before : after;
    const first = fields[index + 1] ?? '';
    const renamed = status === 'renamed';
    changes.push(
      renamed
        ? { status, oid, path: fields[index + 2] ?? '', previousPath: first }
        : { status, oid, path: first },
    );
    index += renamed ? 3 : 2;
  }
  return changes.map((change) => {
    const [additions, deletions] = (fields[index] ?? '').split('\t');
    index += change.previousPath === undefined ? 1 : 3;
    // Binary files count as "-", which GitHub shows as no lines.
    return { ...change, additions: Number(additions) || 0, deletions: Number(deletions) || 0 };
  });
}

/** Reads `log --raw -z --format=%x01%H`: a commit's mark, then its records, each followed by its path. */
export function parseLog(output: string): CommitFiles[] {
  const commits: CommitFiles[] = [];
  const fields = output.split('\0').values();
  for (const field of fields) {
    const commit = commits.at(-1);
    if (field.startsWith('\x01')) {
      commits.push({ oid: field.slice(1, 41), added: [], removed: [], modified: [] });
    } else if (field.trimStart().startsWith(':') && commit !== undefined) {
      const path = fields.next().value ?? '';
      listOf(commit, field.at(-1)).push(path);
    }
  }
  return commits;
}

function listOf(commit: CommitFiles, letter: string | undefined): string[] {
  if (letter === 'A') return commit.added;
  return letter === 'D' ? commit.removed : commit.modified;
}
