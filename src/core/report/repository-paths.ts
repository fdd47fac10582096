import type { Place } from './failures/finding.ts';

/** Folders of a path, or of a package, that are tried. */
const MOST_FOLDERS = 12;

/**
 * Where in the repository a tool may mean, likeliest first. Tools write paths below the folder they ran in, absolute ones of the machine
 * they ran on, and names in a package, crate or module; which of them there is, only the repository tells. `folder`: of the project,
 * `.` for the repository itself.
 */
export function candidatePaths({ path, within }: Place, folder: string): readonly string[] {
  const slashed = path.replaceAll('\\', '/');
  const isAbsolute = slashed.startsWith('/') || /^[A-Za-z]:\//.test(slashed);
  if (isAbsolute) return unique(endsOf(slashed.replace(/^[A-Za-z]:/, '')));
  const inPackage = within === undefined ? [] : endsOf(within).map((end) => `${end}/${slashed}`);
  return unique([...inPackage, slashed].flatMap((one) => [`${folder}/${one}`, one]));
}

/** `/a/b/c` → `a/b/c`, `b/c`, `c`. */
function endsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, index) => parts.slice(index).join('/')).slice(-MOST_FOLDERS);
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map(normalized).filter((path) => path !== null))];
}

/** Null for what is outside the repository, or no file of it. */
function normalized(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 || parts[0] === '.git' ? null : parts.join('/');
}
