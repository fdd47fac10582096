import { UserError } from '../core/user-error.ts';
import type { Blob, CommitEntry } from './commit-files.ts';

/** Git's file modes; the type is in the upper bits: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
const TYPE_MASK = 0o170000;
const REGULAR_FILE = 0o100000;
const SYMLINK = 0o120000;

/**
 * The blob of a file that must be read whole, or null when a directory or submodule has its name.
 * @throws UserError `config-unreadable`, naming the file: a symlink, binary, or more than GitHub gives (512 KB) or `maxBytes`.
 */
export function readableText(
  path: string,
  { mode, blob }: CommitEntry,
  maxBytes = Number.POSITIVE_INFINITY,
): { oid: string; text: string } | null {
  const type = mode & TYPE_MASK;
  if (type === SYMLINK) throw unreadable(path, 'is a symbolic link', 'commit the file itself in its place');
  if (type !== REGULAR_FILE) return null;
  if (blob === null) throw new Error(`GitHub lists ${path} in the commit but does not give it`);
  return { oid: blob.oid, text: wholeText(path, blob, maxBytes) };
}

function wholeText(path: string, { isBinary, isTruncated, byteSize, text }: Blob, maxBytes: number): string {
  if (isBinary === true || text === null) throw unreadable(path, 'is not text', 'save it as UTF-8 text');
  if (isTruncated || byteSize > maxBytes) {
    throw unreadable(
      path,
      `is too large (${byteSize} bytes)`,
      `keep it under ${isTruncated ? '512 KB' : `${maxBytes} bytes`}`,
    );
  }
  return text;
}

function unreadable(path: string, what: string, instead: string): UserError {
  return new UserError('config-unreadable', `${path} ${what}: ${instead}`);
}
