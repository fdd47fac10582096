import { accept, quoted, type Reading, refuse } from '../finding.ts';

export const LABEL_PATTERN = '^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$';
export const PROJECT_PATTERN = '^[a-z0-9](?:[-a-z0-9.]{0,61}[a-z0-9])?$';
export const VARIABLE_PATTERN = '^[A-Za-z_][A-Za-z0-9_]*$';

const LABEL = 'at most 63 lower-case letters, digits and `-`, with a letter or digit at both ends';

/** A DNS label: names of services, targets, namespaces. */
export function readLabel(text: string): Reading<string> {
  return readName(text, LABEL_PATTERN, LABEL);
}

/** A project's name; it is part of names of checks and runs. Unlike a label it may contain dots. */
export function readProjectName(text: string): Reading<string> {
  return readName(text, PROJECT_PATTERN, LABEL.replace('digits and `-`', 'digits, `-` and `.`'));
}

/** A Helm release, which Helm limits to 53 characters. */
export function readRelease(text: string): Reading<string> {
  return text.length > 53
    ? refuse('bad-name', `${quoted(text)} is longer than Helm's 53 characters for a release`)
    : readName(text, LABEL_PATTERN, LABEL);
}

function readName(text: string, pattern: string, expected: string): Reading<string> {
  if (new RegExp(pattern).test(text)) return accept(text);
  const slug = text
    .toLowerCase()
    .replace(/[^-a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  const advice = slug === '' ? { expected } : { expected, instead: `write \`${slug}\`` };
  return refuse('bad-name', `${quoted(text)} cannot be a name here`, advice);
}

/** What tekton-ci tells every command about the run. */
export const COMMAND_VARIABLES = [
  'COMMIT',
  'BRANCH',
  'TAG',
  'PULL_REQUEST',
  'PROJECT',
  'IMAGE',
  'IMAGE_TAG',
  'IMAGE_DIGEST',
  'NAMESPACE',
  'RELEASE',
] as const;

const OWNED = new Set<string>([...COMMAND_VARIABLES, 'HOME', 'PWD', 'OLDPWD']);

/** Variables that change how the shell or the loader itself works: set by a command they are visible, set here they are a trap. */
const TRAPS = new Set([
  'PATH',
  'IFS',
  'ENV',
  'BASH_ENV',
  'SHELLOPTS',
  'BASHOPTS',
  'PS4',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
]);

/** The name of an environment variable or secret that the config may set. */
export function readVariableName(text: string): Reading<string> {
  if (!new RegExp(VARIABLE_PATTERN).test(text) || text.length > 128) {
    return refuse('bad-variable', `${quoted(text)} cannot be the name of a variable`, {
      expected: 'letters, digits and `_`, not starting with a digit',
    });
  }
  if (OWNED.has(text) || /^(?:TEKTON_CI_|GIT_CONFIG_)/.test(text)) {
    return refuse('reserved-variable', `${quoted(text)} is set by tekton-ci`, {
      instead: 'choose another name',
    });
  }
  if (TRAPS.has(text)) {
    return refuse('reserved-variable', `${quoted(text)} would change how every command runs`, {
      instead: `set it in a command: \`export ${text}=…\``,
    });
  }
  return accept(text);
}
