import type { GitObject } from './object-reader.ts';

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export interface TreeEntry {
  readonly name: string;
  /** Octal, as git writes it: 100644, 100755, 120000 (a link), 040000 (a directory), 160000 (a submodule). */
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly oid: string;
}

/** Reads git's own text of a commit. */
export function parseCommit({ oid, bytes }: GitObject): Commit {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const values = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    oid,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    // git ends a message with a line feed that GitHub does not show.
    message: text.slice(end + 2).replace(/\n$/, ''),
  };
}

function parseSignature(line: string): Signature {
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(line) ?? [];
  return { name, email, date: new Date(Number(seconds) * 1000) };
}

/** Reads git's binary form of a tree: `<mode> <name>\0<20 bytes>`, again and again. */
export function parseTree(bytes: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let start = 0; start < bytes.length; ) {
    const zero = bytes.indexOf(0, start);
    const [, mode = '', name = ''] = /^(\d+) (.*)$/s.exec(bytes.toString('utf8', start, zero)) ?? [];
    const oid = bytes.toString('hex', zero + 1, zero + 21);
    entries.push({ name, mode: mode.padStart(6, '0'), type: typeOf(mode), oid });
    start = zero + 21;
  }
  return entries;
}

function typeOf(mode: string): TreeEntry['type'] {
  if (mode === '40000') return 'tree';
  return mode === '160000' ? 'commit' : 'blob';
}
