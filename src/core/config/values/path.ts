import { accept, quoted, type Reading, refuse } from '../finding.ts';

export const PATH = 'a path inside the repository such as `services/api`';
export const GLOB = 'a pattern of paths inside the repository such as `libs/**`';

const LONGEST = 256;

/**
 * A relative path, normalised: no `.` segments, no leading or trailing slash, `.` for the directory itself. `..` may go up
 * inside the path but not out of it. `$(` is refused since Tekton and Kubernetes would expand it.
 */
export function readPath(text: string): Reading<string> {
  const path = normalised(text);
  const reason = whyNot(text) ?? (path === undefined ? 'leaves the directory' : whyNot(path));
  return path !== undefined && reason === undefined
    ? accept(path)
    : refuse('bad-path', `${quoted(text)} ${reason}`, { expected: PATH });
}

function normalised(text: string): string | undefined {
  const segments: string[] = [];
  for (const segment of text.split('/')) {
    if (segment === '..' && segments.pop() === undefined) return undefined;
    if (segment !== '' && segment !== '.' && segment !== '..') segments.push(segment);
  }
  return segments.join('/') || '.';
}

/** A relative glob. A leading `./` is dropped; `..` is refused anywhere, since nothing would ever match it. */
export function readGlob(text: string): Reading<string> {
  const glob = text.replace(/^(?:\.\/)+/, '');
  const reason = whyNot(glob) ?? (glob.split('/').includes('..') ? 'contains `..`' : undefined);
  return reason === undefined
    ? accept(glob)
    : refuse('bad-path', `${quoted(text)} ${reason}`, { expected: GLOB });
}

function whyNot(text: string): string | undefined {
  if (text.trim() === '') return 'is empty';
  if (text.length > LONGEST) return `is longer than ${LONGEST} characters`;
  if (text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text)) return 'is an absolute path';
  if (text.startsWith('~')) return 'starts with `~`, which is no part of the repository';
  if (text.includes('$')) return 'contains `$`, and variables are not expanded here';
  if (text.includes('\\')) return 'contains a backslash; separate directories by `/`';
  if (/(?:^|\/)\s|\s(?:\/|$)/.test(text)) return 'contains a name that starts or ends with white space';
  if (/\p{Cc}/u.test(text)) return 'contains a line break or a control character';
  return undefined;
}
