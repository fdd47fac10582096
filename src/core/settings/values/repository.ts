import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';

export const REPOSITORY = 'a repository such as `acme/api`';
const PATTERN = 'a repository such as `acme/api`, or a pattern such as `acme/*` or `*`';

export const REPOSITORY_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,38}/[A-Za-z0-9_.-]{1,100}$';
export const PATTERN_PATTERN = '^(?:\\*|[A-Za-z0-9_*?-]{1,60}/[A-Za-z0-9_.*?-]{1,120})$';

/** `owner/name`. */
export function readRepository(text: string): Reading<string> {
  return new RegExp(REPOSITORY_PATTERN).test(text) && !isDots(text)
    ? accept(text)
    : refuse('bad-name', `${quoted(text)} is not a repository`, { expected: REPOSITORY });
}

/** `owner/name` where `*` stands for any letters and `?` for one, or `*` alone for every repository. */
export function readRepositoryPattern(text: string): Reading<string> {
  if (new RegExp(PATTERN_PATTERN).test(text) && !isDots(text)) return accept(text);
  const message = `${quoted(text)} is neither a repository nor a pattern of repositories`;
  return /^[A-Za-z0-9][A-Za-z0-9_-]*\/?$/.test(text)
    ? refuse('bad-name', message, { instead: `write \`${text.replace('/', '').slice(0, 40)}/*\`` })
    : refuse('bad-name', message, { expected: PATTERN });
}

function isDots(text: string): boolean {
  return /\/\.{1,2}$/.test(text);
}
