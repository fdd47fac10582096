import { accept, quoted, type Reading, refuse } from '../finding.ts';

export const IMAGE = 'an image such as `ghcr.io/acme/tools:1.2`';
export const IMAGE_NAME = 'an image name without a tag such as `ghcr.io/acme/api`';

// https://github.com/distribution/reference/blob/main/regexp.go
const HOST =
  '(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[0-9a-fA-F:]+\\])';
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const NAME = `(?:${HOST}(?::[0-9]+)?/)?${COMPONENT}(?:/${COMPONENT})*`;
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';

const NAME_ONLY = new RegExp(`^${NAME}$`);
const REFERENCE = new RegExp(`^(${NAME})(?::(${TAG}))?(?:@(${DIGEST}))?$`);

/** The longest name of the distribution's grammar; it also bounds the work of the patterns. */
const LONGEST_NAME = 255;
const LONGEST = 600;

/** An image by name, with a tag or digest or without, in the grammar of the container registries. */
export function readImageReference(text: string): Reading<string> {
  const match = text.length <= LONGEST ? REFERENCE.exec(text) : null;
  if (match !== null && (match[1] ?? '').length <= LONGEST_NAME) return accept(text);
  return refuse('bad-image', `${quoted(text)} is not an image reference`, adviceFor(text, IMAGE));
}

/** An image's name. Tags come from the commit, so one in the name is refused. */
export function readImageName(text: string): Reading<string> {
  if (text.length <= LONGEST_NAME && NAME_ONLY.test(text)) return accept(text);
  const match = text.length <= LONGEST ? REFERENCE.exec(text) : null;
  if (match === null)
    return refuse('bad-image', `${quoted(text)} is not an image name`, adviceFor(text, IMAGE_NAME));
  const name = match[1] ?? '';
  const message = 'The name of an image that is built has no tag or digest';
  const tags = match[2] === undefined ? '' : ` and \`tags: [${match[2]}]\``;
  return refuse('bad-image', message, { instead: `write \`name: ${name}\`${tags}` });
}

export function readImageTag(text: string): Reading<string> {
  return new RegExp(`^${TAG}$`).test(text)
    ? accept(text)
    : refuse('bad-image', `${quoted(text)} is not an image tag`, {
        expected: 'at most 128 letters, digits, `_`, `.` and `-`',
      });
}

/** `postgres` of `mirror.example.com/library/postgres:16`. */
export function lastPartOfImage(reference: string): string {
  const [name = ''] = (reference.split('/').at(-1) ?? '').split(/[:@]/);
  return name;
}

function adviceFor(text: string, expected: string): { expected: string } | { instead: string } {
  const lower = text.toLowerCase();
  if (lower !== text && REFERENCE.test(lower.slice(0, LONGEST))) return { instead: `write \`${lower}\`` };
  const bare = text.replace(/^https?:\/\//, '');
  return bare !== text && REFERENCE.test(bare.slice(0, LONGEST))
    ? { instead: `write \`${bare}\`` }
    : { expected };
}
