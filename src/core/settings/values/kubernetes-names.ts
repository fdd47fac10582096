import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(?:\\.${LABEL})*`;
// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
const LABEL_NAME = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';

const LONGEST = 253;

const SUBDOMAIN_PATTERN = `^${SUBDOMAIN}$`;
export const SECRET_KEY_PATTERN = '^[-._A-Za-z0-9]{1,253}$';

/** The name of a Secret, a claim, a class or a service account. */
export function readObjectName(text: string): Reading<string> {
  if (isSubdomain(text)) return accept(text);
  return refuse('bad-name', `${quoted(text)} cannot be the name of a Kubernetes object`, {
    expected: `at most ${LONGEST} lower-case letters, digits, \`-\` and \`.\`, with a letter or digit at both ends`,
  });
}

export function isSubdomain(text: string): boolean {
  return text.length <= LONGEST && new RegExp(SUBDOMAIN_PATTERN).test(text);
}

/** A key of a Secret: the name of a file. */
export function readSecretKey(text: string): Reading<string> {
  const isFile = new RegExp(SECRET_KEY_PATTERN).test(text) && text !== '.' && !text.startsWith('..');
  return isFile
    ? accept(text)
    : refuse('bad-name', `${quoted(text)} cannot be a key of a Secret`, {
        expected: 'letters, digits, `-`, `_` and `.`',
      });
}

/** The key of a label or taint: `disktype`, `node-role.kubernetes.io/ci`. */
export function readLabelKey(text: string): Reading<string> {
  const [name = '', prefix, ...others] = text.split('/').toReversed();
  const isPrefixed = prefix === undefined || isSubdomain(prefix);
  return others.length === 0 && isPrefixed && new RegExp(`^${LABEL_NAME}$`).test(name)
    ? accept(text)
    : refuse('bad-name', `${quoted(text)} cannot be the key of a label`, {
        expected: 'a key such as `disktype` or `node-role.kubernetes.io/ci`',
      });
}

/** The value of a label or taint, which may be empty. */
export function readLabelValue(text: string): Reading<string> {
  return new RegExp(`^(?:${LABEL_NAME})?$`).test(text)
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} cannot be the value of a label`, {
        expected: 'at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends',
      });
}
