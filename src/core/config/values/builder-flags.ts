import { accept, quoted, type Reading, refuse } from '../finding.ts';

/** Flags of the image builder that a repository may set. https://github.com/osscontainertools/kaniko#additional-flags */
export const BUILDER_FLAGS = [
  '--cache',
  '--cache-copy-layers',
  '--cache-repo',
  '--cache-run-layers',
  '--cache-ttl',
  '--compressed-caching',
  '--compression',
  '--compression-level',
  '--custom-platform',
  '--ignore-path',
  '--image-download-retry',
  '--image-fs-extract-retry',
  '--insecure',
  '--insecure-pull',
  '--insecure-registry',
  '--label',
  '--log-format',
  '--log-timestamp',
  '--push-retry',
  '--registry-mirror',
  '--reproducible',
  '--single-snapshot',
  '--skip-tls-verify',
  '--skip-tls-verify-pull',
  '--skip-tls-verify-registry',
  '--skip-unused-stages',
  '--snapshot-mode',
  '--use-new-run',
  '--verbosity',
] as const;

/** Flags that tekton-ci sets itself, and what a repository says in their place. */
const OURS: Readonly<Record<string, string>> = {
  '--destination': 'set `image.name` and `image.tags`',
  '-d': 'set `image.name` and `image.tags`',
  '--context': 'set `image.context`',
  '-c': 'set `image.context`',
  '--context-sub-path': 'set `image.context`',
  '--dockerfile': 'set `image.dockerfile`',
  '-f': 'set `image.dockerfile`',
  '--target': 'set `image.target`',
  '--build-arg': 'set `image.build_args`',
  '--no-push': 'set `image.push: never`',
  '--no-push-cache': 'remove it',
  '--digest-file': 'remove it: the digest is `$IMAGE_DIGEST` in deploy commands',
  '--image-name-with-digest-file': 'remove it: the digest is `$IMAGE_DIGEST` in deploy commands',
  '--image-name-tag-with-digest-file': 'remove it: the digest is `$IMAGE_DIGEST` in deploy commands',
  '--tar-path': 'remove it: the image goes to its registry',
  '--oci-layout-path': 'remove it: the image goes to its registry',
};

/** One flag of the image builder, one of those `allowed`, with its value after `=` where it has one. */
export function readBuilderFlag(text: string, allowed: readonly string[] = BUILDER_FLAGS): Reading<string> {
  const [flag = ''] = text.split('=', 1);
  if (/\p{Cc}/u.test(text)) return refuse('bad-value', 'A builder flag is one line');
  if (allowed.includes(flag)) return accept(text);
  const ours = Object.hasOwn(OURS, flag) ? OURS[flag] : undefined;
  if (ours !== undefined)
    return refuse('builder-flag-ours', `${quoted(flag)} is set by tekton-ci`, { instead: ours });
  if (!flag.startsWith('-')) {
    const message = `${quoted(text)} is not a flag`;
    return refuse('builder-flag', message, { expected: 'one `--flag` or `--flag=value` an item' });
  }
  const expected = `one of ${allowed.join(', ')}`;
  return refuse('builder-flag', `${quoted(flag)} is not an allowed flag of the image builder`, { expected });
}
