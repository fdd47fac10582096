import { quoted, type Reading, refuse } from '../../config/finding.ts';
import { BUILDER_FLAGS, readBuilderFlag } from '../../config/values/builder-flags.ts';

/**
 * Flags that the operator may set and a repository may not: they decide whom the builder trusts, or what it does with its
 * own file system. https://github.com/osscontainertools/kaniko#additional-flags
 */
export const OPERATOR_FLAGS = [
  '--annotation',
  '--cleanup',
  '--credential-helpers',
  '--force',
  '--ignore-var-run',
  '--image-format',
  '--materialize',
  '--pre-cleanup',
  '--preserve-context',
  '--push-ignore-immutable-tag-errors',
  '--registry-map',
  '--skip-default-registry-fallback',
  '--skip-push-permission-check',
] as const;

const ALLOWED = [...BUILDER_FLAGS, ...OPERATOR_FLAGS];

/** One flag for every image build, with its value after `=` where it has one. */
export function readKanikoFlag(text: string): Reading<string> {
  if (text.includes('$(')) {
    return refuse('bad-value', `${quoted(text)} contains \`$(\`, which Kubernetes would expand`);
  }
  const read = readBuilderFlag(text, ALLOWED);
  if (read.ok || read.refusal.code !== 'builder-flag-ours') return read;
  const { code, message } = read.refusal;
  return refuse(code, message, { instead: 'remove it: it is different for every image' });
}
