import { quoted, type Reading, refuse } from '../../config/finding.ts';
import { readImageReference } from '../../config/values/image-reference.ts';

export const TOOLCHAIN_IMAGE = 'an image such as `mirror.example.com/golang:{version}`';

const VERSION = '{version}';

/**
 * An image with `{version}` where the toolchain's version goes: in its tag or the last part of its name, since the version
 * is what a repository says, and must not choose the registry.
 */
export function readToolchainImage(text: string): Reading<string> {
  const refused = (message: string, instead: string) => refuse('bad-image', message, { instead });
  if (!text.includes(VERSION)) {
    return refused(
      `${quoted(text)} is the same image for every version`,
      `write \`${VERSION}\` where the version goes, such as \`golang:${VERSION}\``,
    );
  }
  if (text.slice(0, text.lastIndexOf('/') + 1).includes(VERSION)) {
    return refused(
      `${quoted(text)} has its version before the last part of the name`,
      `move \`${VERSION}\` behind the last \`/\``,
    );
  }
  if (text.includes('@')) {
    return refused(`${quoted(text)} has a digest, which is of one version only`, 'remove the digest');
  }
  const example = readImageReference(text.replaceAll(VERSION, '1.2'));
  return example.ok ? { ok: true, value: text } : refuseImage(text);
}

/** An image without a place for a version. */
export function readPlainImage(text: string): Reading<string> {
  if (!text.includes(VERSION)) return readImageReference(text);
  const message = `There is no version to fill into ${quoted(text)}`;
  return refuse('bad-image', message, { instead: 'write the whole image, with its tag or digest' });
}

function refuseImage(text: string): Reading<never> {
  return refuse('bad-image', `${quoted(text)} is not an image reference`, { expected: TOOLCHAIN_IMAGE });
}
